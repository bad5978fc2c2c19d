/** A file that was dropped or chosen, with its path within the folder. */
export interface DroppedFile {
  readonly path: string;
  readonly file: File;
}

/** Files of a drop, those of folders too. To be called while the drop event is being handled. */
export async function droppedFiles(transfer: DataTransfer): Promise<DroppedFile[]> {
  // Entries are only there until the handler returns; files of plain drops need them not.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry());
  const found: DroppedFile[] = [];
  for (const entry of entries) if (entry !== null) await collect(entry, found);
  if (found.length > 0) return found;
  return [...transfer.files].map((file) => ({ path: file.name, file }));
}

/** Files of an input, with their paths when a folder was chosen. */
export function chosenFiles(files: FileList | null): DroppedFile[] {
  return [...(files ?? [])].map((file) => ({
    path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
    file,
  }));
}

async function collect(entry: FileSystemEntry, into: DroppedFile[]): Promise<void> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    into.push({ path, file });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader hands out at most a hundred entries at once.
    for (;;) {
      const part = await new Promise<FileSystemEntry[]>((resolve, reject) =>
        reader.readEntries(resolve, reject),
      );
      if (part.length === 0) return;
      for (const child of part) await collect(child, into);
    }
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
