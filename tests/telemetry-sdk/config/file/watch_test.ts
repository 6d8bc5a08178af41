import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { configFromFile } from "../../../../telemetry-sdk/config/file/from_file.ts";
import {
  type FollowedSettings,
  watchConfigFile,
} from "../../../../telemetry-sdk/config/file/watch.ts";
import { ConfigFileOnDisk, versioned } from "./_file.ts";

const OFF = { sampler: undefined, samplerRatio: undefined, minimumSeverity: undefined };

/** A file that is watched, and what is told of it. */
class Watched implements Disposable {
  readonly file: ConfigFileOnDisk;
  readonly changes: FollowedSettings[] = [];
  readonly changed: string[][] = [];
  readonly lines: string[] = [];
  readonly #watch: Disposable;

  /**
   * @param text What stands in the file.
   * @param options What else happens when the file is read, and when a change is told.
   */
  constructor(
    text: string,
    { onRead, onChange }: {
      readonly onRead?: (file: ConfigFileOnDisk) => void;
      readonly onChange?: () => void;
    } = {},
  ) {
    this.file = new ConfigFileOnDisk(text);
    const options = { path: this.file.path, env: (name: string) => Deno.env.get(name) };
    const current = configFromFile(options);
    onRead?.(this.file);
    const watch = watchConfigFile(this.file.path, {
      current,
      env: options.env,
      intervalMillis: 5,
      say: (line) => this.lines.push(line.replaceAll(this.file.path, "telemetry.yaml")),
      onChange: (settings, { model }, changed) => {
        assert.equal(typeof model, "object");
        this.changed.push([...changed]);
        this.changes.push(settings);
        onChange?.();
      },
    });
    this.#watch = { [Symbol.dispose]: () => watch.close() };
  }

  /** Waits until as much has been told. */
  async told(count: { readonly changes?: number; readonly lines?: number }): Promise<void> {
    const { changes = this.changes.length, lines = this.lines.length } = count;
    const deadline = Date.now() + 20_000;
    while (this.changes.length < changes || this.lines.length < lines) {
      const so = Deno.inspect({ changes: this.changes, lines: this.lines });
      assert.ok(Date.now() < deadline, `not told of: ${so}`);
      await setTimeout(5);
    }
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]();
    this.file[Symbol.dispose]();
  }
}

function traces(sampler: string, queue = 100): string {
  return `tracer_provider:
  processors: [ batch: { max_queue_size: ${queue}, exporter: { otlp_http: } } ]
  sampler: ${sampler}
`;
}

Deno.test("watchConfigFile() tells which settings an edit changed, and which it left alone", async () => {
  const sampler = traces("{ always_on: }");
  using watched = new Watched(versioned(sampler));
  watched.file.write(versioned(`log_level: error\n${sampler}`));
  await watched.told({ changes: 1 });
  watched.file.write(versioned(`log_level: error\n${traces("{ always_off: }")}`));
  await watched.told({ changes: 2 });
  assert.deepEqual(watched.changed, [["diagnosticLevel"], ["sampler"]]);
});

Deno.test("watchConfigFile() tells of a sampler and of levels that an edit changes", async () => {
  using watched = new Watched(versioned(traces("{ always_on: }")));
  watched.file.write(versioned(traces("{ trace_id_ratio_based: { ratio: 0.5 } }")));
  await watched.told({ changes: 1 });
  assert.deepEqual(watched.changes, [{
    ...OFF,
    sampler: "traceidratio",
    samplerRatio: 0.5,
    diagnosticLevel: undefined,
  }]);

  watched.file.write(versioned(`log_level: debug\n${traces("{ always_off: }")}`));
  await watched.told({ changes: 2 });
  assert.deepEqual(watched.changes[1], { ...OFF, sampler: "always_off", diagnosticLevel: "debug" });
  assert.deepEqual(watched.lines, []);
});

Deno.test("watchConfigFile() follows the severity of log records", async () => {
  const logs = (severity: string) =>
    versioned(
      "logger_provider:\n  processors: [ batch: { exporter: { otlp_http: } } ]\n" +
        `  logger_configurator/development: { default_config: { minimum_severity: ${severity} } }\n`,
    );
  using watched = new Watched(logs("info"));
  watched.file.write(logs("error"));
  await watched.told({ changes: 1 });
  assert.deepEqual(watched.changes, [{
    ...OFF,
    minimumSeverity: "error",
    diagnosticLevel: undefined,
  }]);
  assert.deepEqual(watched.lines, []);
});

Deno.test("watchConfigFile() keeps the settings through a bad edit, which is one line", async () => {
  using watched = new Watched(versioned(traces("{ always_on: }")));
  watched.file.write(versioned(traces("{ always_in: }")));
  await watched.told({ lines: 1 });
  assert.equal(watched.lines.length, 1);
  assert.match(
    watched.lines[0] ?? "",
    /^telemetry\.yaml:4:14: "tracer_provider\.sampler\.always_in": .*; the settings before this edit stay$/,
  );
  assert.deepEqual(watched.changes, []);
  watched.file.write(versioned(traces("{ always_off: }")));
  await watched.told({ changes: 1 });
  assert.deepEqual(watched.changes.map(({ sampler }) => sampler), ["always_off"]);
});

Deno.test("watchConfigFile() follows a file that takes the place of the old one, and one that is gone", async () => {
  using watched = new Watched(versioned(traces("{ always_on: }")));
  watched.file.replace(versioned(traces("{ always_off: }")));
  await watched.told({ changes: 1 });
  Deno.removeSync(watched.file.path);
  await watched.told({ lines: 1 });
  assert.deepEqual(watched.lines, [
    "telemetry.yaml: there is no such file; the settings before this edit stay",
  ]);
  watched.file.write(versioned(traces("{ always_on: }")));
  await watched.told({ changes: 2 });
  assert.deepEqual(watched.changes.map(({ sampler }) => sampler), ["always_off", "always_on"]);
});

Deno.test("watchConfigFile() says of an edit that it counts at the next start", async () => {
  using watched = new Watched(versioned(traces("{ always_on: }", 100)));
  watched.file.write(versioned(traces("{ always_on: }", 2000)));
  await watched.told({ lines: 1 });
  assert.deepEqual(watched.lines, [
    "telemetry.yaml: of this edit the sampler and the levels count at once, the rest at the next start",
  ]);
  assert.deepEqual(watched.changes, []);
});

Deno.test("watchConfigFile() says nothing of an edit that changes nothing", async () => {
  using watched = new Watched(versioned(traces("{ always_on: }")));
  watched.file.write(`# A comment.\n${versioned(traces("{ always_on: }"))}`);
  watched.file.write(`# Another comment.\n${versioned(traces("{ always_off: }"))}`);
  await watched.told({ changes: 1 });
  assert.deepEqual(watched.changes.map(({ sampler }) => sampler), ["always_off"]);
  assert.deepEqual(watched.lines, []);
});

Deno.test("watchConfigFile() survives a listener that throws", async () => {
  let calls = 0;
  using watched = new Watched(versioned(traces("{ always_on: }")), {
    onChange() {
      if (++calls === 1) throw new Error("broken");
    },
  });
  watched.file.write(versioned(traces("{ always_off: }")));
  await watched.told({ lines: 1 });
  assert.deepEqual(watched.lines, [
    "a changed setting cannot be followed: broken; the settings before this edit stay",
  ]);
  watched.file.write(versioned(`log_level: error\n${traces("{ always_off: }")}`));
  await watched.told({ changes: 2 });
  assert.equal(watched.changes[1]?.diagnosticLevel, "error");
});

Deno.test("watchConfigFile() sees an edit made before it looked for the first time", async () => {
  using watched = new Watched(versioned(traces("{ always_on: }")), {
    onRead: (file) => file.write(versioned(traces("{ always_off: }"))),
  });
  await watched.told({ changes: 1 });
  assert.deepEqual(watched.changes.map(({ sampler }) => sampler), ["always_off"]);
});
