import { render } from "preact";
import { startLive } from "./api/live.ts";
import { App } from "./shell/app.tsx";
import { startKeyboard } from "./shell/keyboard.ts";
import { startClock } from "./state/clock.ts";
import { startRouting } from "./state/route.ts";
import { startTheme } from "./state/theme.ts";

startTheme();
startRouting();
startKeyboard();
startClock();
startLive();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
