import { type Sources, Surroundings } from "../../../telemetry-sdk/resource/surroundings.ts";

/** A place that is described here and not by the machine that runs the test. */
export interface Place {
  readonly files?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether something may be done; everything unless told. */
  readonly isGranted?: Sources["isGranted"];
}

/** Surroundings on Linux in which there is what is given, and nothing else. */
export function linux(
  { files = {}, hostname = "shop", variables = {}, isGranted }: Place,
): Surroundings {
  return new Surroundings({
    os: "linux",
    hostname: () => hostname,
    readFile(path) {
      const text = files[path];
      if (text === undefined) throw new Deno.errors.NotFound(path);
      return text;
    },
    readVariable: (name) => variables[name],
    isGranted: isGranted ?? (() => true),
  });
}
