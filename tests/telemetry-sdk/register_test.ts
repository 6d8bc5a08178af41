import assert from "node:assert/strict";
import { Collector } from "./_collector.ts";
import { run, said } from "./_run.ts";

Deno.test("register.ts loads nothing but the environment reader when the SDK is disabled", async () => {
  // The copy stands without the rest of the package, so whatever else it tried to load would be missing.
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/config`);
    await Deno.mkdir(`${folder}/lifecycle`);
    for (
      const file of ["register.ts", "config/env.ts", "lifecycle/say.ts", "lifecycle/write_line.ts"]
    ) {
      await Deno.copyFile(
        new URL(`../../telemetry-sdk/${file}`, import.meta.url),
        `${folder}/${file}`,
      );
    }
    const program = new URL(`file://${folder}/register.ts`);
    for (const value of ["true", "TRUE", " True "]) {
      const disabled = await run({ program, env: { OTEL_SDK_DISABLED: value } });
      assert.equal(disabled.code, 0);
      assert.deepEqual(said(disabled), []);
    }
    const enabled = await run({ program });
    assert.equal(enabled.code, 0, "a failure to load does not stop the program");
    assert.match(said(enabled).join(), /^off: Module not found .*start\.ts/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("register.ts starts, exports and says so with exactly the permissions it needs", async () => {
  await using collector = new Collector();
  const process = await run({
    allow: [`--allow-net=${collector.host}`, "--allow-env=OTEL_*"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.host,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20hunter2",
      OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
      OTEL_TRACES_SAMPLER: "traceidratio",
      OTEL_TRACES_SAMPLER_ARG: "1",
      OTEL_SERVICE_NAME: "shop",
    },
  });
  assert.deepEqual(process.stderr, [
    "echelon telemetry: no permission to find out host.name, os.version (--allow-sys=hostname,osRelease)",
    `echelon telemetry: traces+metrics+logs -> ${collector.url} (http/protobuf, gzip, headers authorization), ` +
    "sampler traceidratio(1), service shop",
  ]);
  assert.deepEqual(collector.spanNames, ["child", "parent"]);
  assert.equal(collector.received[0]?.headers.get("authorization"), "Bearer hunter2");
});

Deno.test("register.ts leaves the program running, and says once what it may not do, without permissions", async () => {
  const process = await run({ allow: [] });
  assert.equal(process.code, 0);
  assert.deepEqual(process.stdout, ["done"]);
  assert.deepEqual(process.stderr, [
    "echelon telemetry: off: no permission to read OTEL_* variables (--allow-env=OTEL_*), " +
    "nor to send to http://localhost:4318 (--allow-net=localhost:4318)",
  ]);
});

Deno.test("register.ts refuses to run beside Deno's own telemetry", async () => {
  await using collector = new Collector();
  const process = await run({
    env: { OTEL_DENO: "true", OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  });
  assert.equal(process.code, 0);
  assert.deepEqual(said(process), [
    "off: OTEL_DENO=true has Deno's own telemetry running; unset OTEL_DENO to use this one",
  ]);
});

Deno.test("register.ts warns of a bad value and runs with the default", async () => {
  await using collector = new Collector();
  const process = await run({
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: "sometimes",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "0",
    },
  });
  assert.deepEqual(said(process).slice(0, -1), [
    'OTEL_TRACES_SAMPLER="sometimes": expected one of always_on, always_off, traceidratio, ' +
    "parentbased_always_on, parentbased_always_off, parentbased_traceidratio; " +
    'using "parentbased_always_on"',
    'OTEL_BSP_MAX_EXPORT_BATCH_SIZE="0": expected an integer from 1 to 2147483647; using 512',
  ]);
  assert.match(said(process).at(-1) ?? "", /sampler parentbased_always_on/);
  assert.deepEqual(collector.spanNames, ["child", "parent"]);
});

Deno.test("register.ts exports nothing of a signal that is switched off", async () => {
  await using collector = new Collector();
  const process = await run({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_METRICS_EXPORTER: "none" },
  });
  assert.equal(process.code, 0);
  assert.equal(collector.of("metrics").length, 0);
  assert.deepEqual(collector.spanNames, ["child", "parent"]);
});
