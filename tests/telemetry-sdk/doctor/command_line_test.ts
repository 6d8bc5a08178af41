import assert from "node:assert/strict";
import { startReceiver } from "../../_otlp_receiver.ts";
import { ALLOWED, doctor, runDoctor, tracesTo } from "./_doctor.ts";

const config = (name: string) => new URL(`_programs/${name}`, import.meta.url).pathname;

Deno.test("The doctor's exit code is 2 when it is used wrongly, and it says how it is used", async () => {
  const cases: readonly (readonly [string[], RegExp])[] = [
    [["--jsno"], /^doctor: Unknown option '--jsno'/],
    [["--timeout", "soon"], /^doctor: Cannot wait "soon" ms: expected a positive integer$/],
    [["--config", "missing.ts"], /^doctor: Cannot load "missing.ts": /],
    [["--config", config("no_default.ts")], /^doctor: Expected the default export of ".*" to be/],
  ];
  for (const [args, message] of cases) {
    const { code, stdout, stderr } = await runDoctor({ args });
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr[0] ?? "", message);
    assert.ok(stderr.some((line) => line.startsWith("Usage: doctor ")));
    assert.deepEqual(stdout, []);
  }
});

Deno.test("The doctor says how it is used when asked", async () => {
  const { code, stdout } = await runDoctor({ args: ["--help"], allow: [] });
  assert.equal(code, 0);
  assert.match(stdout[0] ?? "", /^Usage: doctor /);
});

Deno.test("The doctor takes the configuration of a module", async () => {
  await using receiver = startReceiver();
  const { configuration, of } = await doctor({
    args: ["--config", config("config.ts")],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  assert.match(configuration, /service shop$/);
  assert.match(of("traces").join(), /^ok: /);
  assert.match(of("logs").join(), /^skipped: No exporter is configured/);
});

Deno.test("The doctor tells people the same in lines", async () => {
  await using receiver = startReceiver({ status: 401 });
  const { code, stdout } = await runDoctor({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SERVICE_NAME: "shop" },
  });
  assert.equal(code, 1);
  assert.match(stdout[0] ?? "", /^Telemetry: traces\+metrics\+logs -> http/);
  assert.ok(stdout.includes("         OTEL_SERVICE_NAME=shop"));
  assert.ok(stdout.includes(
    "problem  traces, metrics, logs: The receiver answers 401: it wants credentials, and none are configured.",
  ));
  assert.equal(stdout.at(-1), "3 problems, 0 warnings");
});

Deno.test("The doctor says what it may not do, and asks for nothing", async () => {
  const { of } = await doctor({ allow: [] });
  assert.deepEqual(of("configuration"), [
    "problem: There is no permission to read OTEL_* variables (--allow-env=OTEL_*). Give that flag.",
    "problem: There is no permission to send to http://localhost:4318 (--allow-net=localhost:4318). Give that flag.",
  ]);
  assert.match(of("versions").join(), /^skipped: No permission to read deno.lock/);
  assert.match(of("resource").join(), /^warning: There is no permission to find out host\.name/);
  assert.match(of("variables").join(), /^skipped: No permission to read OTEL_\* variables/);
});

Deno.test("The doctor says that Deno's own telemetry is in the way", async () => {
  const { of } = await doctor({
    env: { ...tracesTo("http://127.0.0.1:1"), OTEL_DENO: "true", OTEL_TRACES_EXPORTER: "none" },
  });
  assert.match(
    of("runtime").join(),
    /^problem: OTEL_DENO has Deno's own telemetry running.* Unset OTEL_DENO\.$/,
  );
  assert.deepEqual(of("api"), []);
});

Deno.test("The doctor says what is wrong with the variables", async () => {
  const env = {
    ...tracesTo("http://127.0.0.1:1"),
    OTEL_TRACES_EXPORTER: "none",
    OTEL_SERVCE_NAME: "shop",
    OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
    OTEL_EXPORTER_OTLP_INSECURE: "true",
    OTEL_FLUX_CAPACITOR: "on",
    OTEL_PYTHON_LOG_LEVEL: "info",
  };
  const some = await doctor({ env });
  assert.deepEqual(some.of("variables"), [
    "problem: Nothing reads OTEL_SERVCE_NAME. Did you mean OTEL_SERVICE_NAME?",
  ]);
  const [protocol, insecure] = some.of("configuration");
  assert.match(
    protocol ?? "",
    /^problem: OTEL_EXPORTER_OTLP_PROTOCOL="grpc": gRPC is not supported/,
  );
  assert.match(insecure ?? "", /^warning: OTEL_EXPORTER_OTLP_INSECURE: it is for gRPC alone/);

  const all = await doctor({
    env,
    allow: [...ALLOWED.filter((flag) => !flag.includes("env")), "--allow-env"],
  });
  assert.deepEqual(all.of("variables"), [
    "warning: Nothing here reads OTEL_FLUX_CAPACITOR. docs/configuration.md lists what is read.",
    "problem: Nothing reads OTEL_SERVCE_NAME. Did you mean OTEL_SERVICE_NAME?",
  ]);
});

Deno.test("The doctor sends nothing where telemetry is disabled", async () => {
  await using receiver = startReceiver();
  const { ok, of } = await doctor({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_SDK_DISABLED: "true" },
  });
  assert.ok(ok);
  assert.match(of("configuration").join(), /^warning: OTEL_SDK_DISABLED/);
  assert.deepEqual(receiver.requests, []);
});
