/** There is less in stock than the order asks for. Nothing has been reserved. */
export class OutOfStockError extends Error {
  override readonly name = 'OutOfStockError';
  readonly skus: readonly string[];
  constructor(orderId: string, skus: readonly string[]) {
    super(`order ${orderId} asks for more than there is of ${skus.join(', ')}`);
    this.skus = skus;
  }
}

/** Too many orders want the same goods at this moment: nothing was written. Worth a retry. */
export class InventoryUnavailableError extends Error {
  override readonly name = 'InventoryUnavailableError';
  constructor(orderId: string) {
    super(`the stock was too busy to serve order ${orderId}`);
  }
}

/** The order holds goods that the stock has no row for any more. Nothing was put back, and no retry changes that. */
export class StockMissingError extends Error {
  override readonly name = 'StockMissingError';
  readonly skus: readonly string[];
  constructor(orderId: string, skus: readonly string[]) {
    super(`order ${orderId} holds what is no longer in stock: ${skus.join(', ')}`);
    this.skus = skus;
  }
}
