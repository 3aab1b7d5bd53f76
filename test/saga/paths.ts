/** The states of the undo chain from a given undo on, to the clean end. */
export const undoneFrom = (
  first: 'CancelShipment' | 'ReleaseInventory' | 'RefundPayment' | 'PublishOrderCancelled',
) => {
  const chain = [
    'CancelShipment',
    'ReleaseInventory',
    'RefundPayment',
    'IsEverythingUndone',
    'PublishOrderCancelled',
    'OrderCancelled',
  ];
  return chain.slice(chain.indexOf(first));
};
export const HAPPY = ['ChargePayment', 'ReserveInventory', 'CreateShipment', 'PublishOrderConfirmed'];
