import { command } from '../command.ts';

export const cancel = command({
  summary: 'undoes a confirmed order, as long as its parcel has not left',
  examples: ['cancel ord_309735cff1be776a5bc66192a9'],
  operands: ['orderId'],
  run: async (ask, { operands: { orderId } }) => {
    const data = await ask('POST /ops/orders/{orderId}/cancel', { path: { orderId } });
    return { data, text: `${orderId} is being undone: npm run ops -- timeline ${orderId}` };
  },
});
