/** Values at common times; null where a series has none. */
export interface Aligned {
  readonly times: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
}

/** A point of one series. */
export interface PlainPoint {
  readonly time: number;
  readonly value: number | undefined;
}

/** Brings series to common times, as a chart wants them. */
export function alignSeries(series: readonly (readonly PlainPoint[])[]): Aligned {
  const times = [...new Set(series.flatMap((points) => points.map(({ time }) => time)))]
    .sort((a, b) => a - b);
  const places = new Map(times.map((time, i) => [time, i]));
  const values = series.map((points) => {
    const row = new Array<number | null>(times.length).fill(null);
    for (const { time, value } of points) {
      const place = places.get(time);
      if (place !== undefined && value !== undefined && Number.isFinite(value)) row[place] = value;
    }
    return row;
  });
  return { times, values };
}
