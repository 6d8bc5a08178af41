import { startViewer, type Viewer } from "@echelon/viewer";

/** Starts a viewer on a free port; an error in it is the test's. */
export async function startTestViewer(): Promise<Viewer> {
  return await startViewer({
    port: 0,
    onError: (error) => {
      throw error;
    },
  });
}
