export function complaintAboutRuntime(file: string, platform?: string): string | null;
