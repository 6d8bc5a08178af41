/** How many visitors come in a second, and how many are in the shop at most. */
const VISITORS_PER_SECOND = 2;
const MOST_AT_ONCE = 8;
const TIMEOUT_MILLIS = 10_000;
/** The shop's tokens are good for 15 minutes. */
const TOKEN_MILLIS = 10 * 60_000;

const CREDENTIALS = { username: "demo", password: "demo-password" };

/** A gentle load of people who look, buy, pay, and now and then do something wrong. */
export class Load {
  readonly #url: string;
  readonly #stopped: AbortSignal;
  #token: { readonly text: string; readonly until: number } | undefined;
  #inside = 0;

  constructor(url: string, stopped: AbortSignal) {
    this.#url = url;
    this.#stopped = stopped;
  }

  /** Lets visitors in until it is stopped, and waits until the last one has left. */
  async run(): Promise<void> {
    const visits: Promise<void>[] = [];
    while (!this.#stopped.aborted) {
      if (this.#inside < MOST_AT_ONCE) visits.push(this.#visit());
      if (visits.length > MOST_AT_ONCE) await visits.shift();
      await this.#pause(1000 / VISITORS_PER_SECOND * (0.5 + Math.random()));
    }
    await Promise.all(visits);
  }

  async #visit(): Promise<void> {
    this.#inside++;
    try {
      await this.#choose();
    } catch {
      // A visitor who is turned away at closing time, or by a shop that has ended.
    } finally {
      this.#inside--;
    }
  }

  async #choose(): Promise<void> {
    const dice = Math.random();
    if (dice < 0.35) await this.#buy();
    else if (dice < 0.6) await this.#get("/products");
    else if (dice < 0.68) await this.#get("/slow");
    else if (dice < 0.75) await this.#get("/fail");
    else if (dice < 0.8) await this.#get("/stream");
    else if (dice < 0.85) await this.#get(`/orders/unknown-${Math.floor(Math.random() * 100)}`);
    else if (dice < 0.9) await this.#post("/orders", { product: "p1", quantity: 1 });
    else if (dice < 0.94) await this.#orderNonsense();
    else if (dice < 0.97) await this.#get("/admin", await this.#login());
    else await this.#post("/login", { username: "guest", password: "not-the-password" });
  }

  async #buy(): Promise<void> {
    await this.#get("/products");
    const token = await this.#login();
    const product = `p${1 + Math.floor(Math.random() * 20)}`;
    // More than two, and the job of the receipt fails at its first attempt.
    const quantity = 1 + Math.floor(Math.random() * 4);
    const order = await this.#post("/orders", { product, quantity }, token);
    if (!isOrder(order)) return;
    await this.#get(`/orders/${order.id}`, token);
    if (Math.random() < 0.7) await this.#post(`/orders/${order.id}/pay`, {}, token);
  }

  async #orderNonsense(): Promise<void> {
    await this.#post("/orders", { product: "p0", quantity: 1000 }, await this.#login());
  }

  async #login(): Promise<string> {
    if (this.#token !== undefined && this.#token.until > Date.now()) return this.#token.text;
    const answer = await this.#post("/login", CREDENTIALS);
    const text = typeof answer === "object" && answer !== null && "token" in answer
      ? String(answer.token)
      : "";
    this.#token = { text, until: Date.now() + TOKEN_MILLIS };
    return text;
  }

  #get(path: string, token?: string): Promise<unknown> {
    return this.#send(path, { headers: bearer(token) });
  }

  #post(path: string, body: object, token?: string): Promise<unknown> {
    return this.#send(path, {
      method: "POST",
      headers: { "content-type": "application/json", ...bearer(token) },
      body: JSON.stringify(body),
    });
  }

  async #send(path: string, init: RequestInit): Promise<unknown> {
    const signal = AbortSignal.any([this.#stopped, AbortSignal.timeout(TIMEOUT_MILLIS)]);
    const answer = await fetch(this.#url + path, { ...init, signal });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json");
    return isJson ? JSON.parse(text) : text;
  }

  #pause(millis: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#stopped.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, millis);
      this.#stopped.addEventListener("abort", done);
    });
  }
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function isOrder(value: unknown): value is { readonly id: string } {
  return typeof value === "object" && value !== null && "id" in value &&
    typeof value.id === "string";
}
