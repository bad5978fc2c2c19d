/** "Aruba 6200F"; the maker once only, where the model says it already. */
export function modelWords(vendor: string | null, model: string): string {
  return vendor === null || model.toLowerCase().includes(vendor.toLowerCase()) ? model : `${vendor} ${model}`;
}
