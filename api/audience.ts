/** Whom an API is for: each audience has one of its own, at an address of its own. */
export type Audience = 'customers' | 'operators';

/** Of a route (`GET /ops/orders`), or of a path: what operators ask lies below `/ops`. */
export const audienceOf = (route: string): Audience =>
  /^([A-Z]+ )?\/ops\//.test(route) ? 'operators' : 'customers';
