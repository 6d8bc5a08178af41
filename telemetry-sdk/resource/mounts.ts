/** A line of `/proc/self/mountinfo`, as far as it matters here. */
export interface Mount {
  /** What of the file system is mounted. */
  readonly root: string;
  /** Where it is mounted. */
  readonly point: string;
}

/** The lines of `/proc/self/mountinfo`. */
export function parseMounts(mountinfo: string): readonly Mount[] {
  return mountinfo.split("\n").flatMap((line) => {
    const [, , , root, point] = line.split(" ");
    return root === undefined || point === undefined ? [] : [{ root, point }];
  });
}
