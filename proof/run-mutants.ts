export const runMutants = async (_name?: string): Promise<boolean> => false;
