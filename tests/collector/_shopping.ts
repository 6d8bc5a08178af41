import { login } from "../e2e/_service.ts";

/** Lets a shop do something of everything that it can: also fail, be slow, and refuse. */
export async function goShopping(url: string): Promise<void> {
  const { token } = await login(url, "demo");
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  // The receipt of three items fails at its first attempt.
  for (const quantity of [1, 3]) {
    const body = JSON.stringify({ product: "p1", quantity });
    const order = await fetch(`${url}/orders`, { method: "POST", headers, body });
    const { id } = await order.json();
    await (await fetch(`${url}/orders/${id}/pay`, { method: "POST" })).text();
  }
  const wrong = JSON.stringify({ username: "demo", password: "wrong" });
  await (await fetch(`${url}/login`, { method: "POST", headers, body: wrong })).text();
  for (
    const path of ["/products", "/products", "/fail", "/slow", "/stream", "/nowhere", "/admin"]
  ) {
    await (await fetch(url + path)).text();
  }
}
