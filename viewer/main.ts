import { readEnvironment } from "./environment.ts";
import { startViewer } from "./server.ts";
import { aborted, complain, introduce, reasonOf, untilStopped } from "./terminal.ts";

const stopped = untilStopped();
try {
  const options = readEnvironment((name) => Deno.env.get(name));
  await using viewer = await startViewer({
    ...options,
    onError: (error) => complain(`The viewer failed: ${reasonOf(error)}`),
  });
  introduce(viewer);
  await aborted(stopped);
} catch (error) {
  complain(reasonOf(error));
  Deno.exitCode = 1;
}
// Signal listeners would keep the process alive.
Deno.exit();
