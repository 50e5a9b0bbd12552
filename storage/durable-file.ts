import { open, unlink } from 'node:fs/promises';

/** Creates a file and returns when its bytes will survive a power cut. Its folder entry is the caller's to sync. */
export async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } catch (error) {
    await file.close();
    await unlink(path).catch(() => {});
    throw error;
  }
  await file.close();
}
