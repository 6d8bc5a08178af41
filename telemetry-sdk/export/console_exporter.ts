// deno-lint-ignore-file no-console -- What the stock exporters print by is exchanged for a moment.
import { EnvironmentReader } from "../config/env.ts";
import { writeLine } from "../lifecycle/write_line.ts";
import { isConsoleTaken } from "../logs/direct_console.ts";

/** An exporter of any signal. */
interface Exporter {
  export(...parameters: never[]): void;
}

/**
 * Has a stock console exporter print also where `OTEL_DENO_CONSOLE` has Deno take the console: it prints by
 * `console.dir`, of which Deno then shows nothing, or makes log records of its own.
 *
 * @param exporter The exporter.
 * @returns The same exporter.
 */
export function printingExporter<E extends Exporter>(exporter: E): E {
  if (!isConsoleTaken((name) => new EnvironmentReader().read(name))) return exporter;
  const stock = exporter.export.bind(exporter);
  const value = (...parameters: never[]) => {
    const { dir } = console;
    // The exporters print before they return, so that nobody else sees the exchange.
    console.dir = (item: unknown, options?: Deno.InspectOptions) =>
      writeLine(Deno.stdout, Deno.inspect(item, options));
    try {
      stock(...parameters);
    } finally {
      console.dir = dir;
    }
  };
  return Object.defineProperty(exporter, "export", { value });
}
