/** How a viewer is started. Without options it is the one that every SDK looks for. */
export interface ViewerOptions {
  /** Where it listens; 127.0.0.1 unless given. Beyond this machine it wants a `token`. */
  readonly hostname?: string;
  /** 4318 unless given, the port of OTLP over HTTP; 0 for a free one. */
  readonly port?: number;
  /** Whether a port that is taken is an error; unless it is, another one is used. */
  readonly exactPort?: boolean;
  /** What every request must show: at least 16 characters. */
  readonly token?: string;
  /** How much may be kept in memory, in MiB by estimate; 256 unless given. */
  readonly memoryMb?: number;
  /** A file that what was received is written to, and read from at the next start. */
  readonly file?: string;
  /** How large that file and the one before it may be together, in MiB; 256 unless given. */
  readonly fileMb?: number;
  /** Origins whose pages may send telemetry from a browser, such as `http://localhost:8000`. */
  readonly allowedOrigins?: readonly string[];
  /** The most spans that are kept of one trace; 20,000 unless given. */
  readonly maxSpansPerTrace?: number;
  /** The most series of metrics; 10,000 unless given. */
  readonly maxSeries?: number;
  /** Hears of an error that should not be. */
  readonly onError?: (error: unknown) => void;
}
