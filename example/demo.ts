import type { ShopApplication } from "./state.ts";

/** Requests to look at: one that fails, one that is slow, one that streams. */
export function demoRoutes(app: ShopApplication): void {
  app.get("/fail", () => {
    throw new Error("The warehouse does not answer");
  });

  app.get("/slow", async () => {
    await pause(600);
    return { waited: 600 };
  });

  app.get("/stream", async function* () {
    for (let line = 1; line <= 5; line++) {
      yield `line ${line}\n`;
      await pause(100);
    }
  });
}

function pause(millis: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, millis));
}
