/** The kinds of resources that can be created, and what they are called. */
export const kindTitles = {
  web_service: 'Web service',
  static_site: 'Static site',
  private_service: 'Private service',
  background_worker: 'Background worker',
  cron_job: 'Cron job',
  postgres: 'PostgreSQL',
  key_value: 'Key Value',
} as const;

export type KindType = keyof typeof kindTitles;
