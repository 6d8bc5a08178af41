/** An attempt at a job, as it is told of; never its data. */
export interface ToldJob {
  /** The job's name. */
  readonly name: string;
  /** The job's id. */
  readonly id: string;
  /** Which attempt it is, from 1. */
  readonly attempt: number;
}

/** What a worker tells of an attempt. */
export type JobEvent =
  & {
    /** The attempt has a span already. */
    readonly traced: true;
  }
  & (
    | { readonly type: "job:start"; readonly data: ToldJob }
    | { readonly type: "job:end"; readonly data: ToldJob & { readonly error?: unknown } }
  );

/** Hears of a worker's attempts: a debugger's `emit` does. */
export type JobEmit = (event: JobEvent) => void;

/** The work of a job, telling of the attempt's beginning and of its end where somebody hears it. */
export function toldWork(
  emit: JobEmit | undefined,
  job: ToldJob,
  work: () => Promise<void>,
): () => Promise<void> {
  return emit === undefined ? work : () => tell(emit, job, work);
}

async function tell(
  emit: JobEmit,
  { name, id, attempt }: ToldJob,
  work: () => Promise<void>,
): Promise<void> {
  const data = { name, id, attempt };
  emit({ type: "job:start", traced: true, data });
  try {
    await work();
  } catch (error) {
    emit({ type: "job:end", traced: true, data: { ...data, error } });
    throw error;
  }
  emit({ type: "job:end", traced: true, data });
}
