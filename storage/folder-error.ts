import { StorageError } from './object-store.ts';

/** Words for a file system that refused. Any other error comes back as it is: a defect of ours. */
export function toFolderError(error: unknown, root: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new StorageError('full', `The disk of the storage folder ${root} is full. Make room on it.`, true, {
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StorageError(
        'denied',
        `The storage folder ${root} cannot be written or read by this user (uid ${process.getuid?.() ?? '?'}). Change its owner or STORAGE_URL.`,
        false,
        { cause: error },
      );
    case 'ENOTDIR':
    case 'EISDIR':
    case 'EEXIST':
    case 'ENOTEMPTY':
      return new StorageError(
        'invalid',
        `In the storage folder ${root} a file stands where a folder is needed, or a folder where a file is. Move it away.`,
        false,
        { cause: error },
      );
    case 'EIO':
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return new StorageError(
        'unreachable',
        `The disk of the storage folder ${root} does not answer (${code}). See that it is mounted and healthy.`,
        true,
        { cause: error },
      );
    default:
      return error;
  }
}
