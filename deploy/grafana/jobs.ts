import type { Dashboard } from "./dashboard.ts";
import { quantile, rate } from "./queries.ts";
import { SERVICE } from "./variables.ts";

const where = 'job="$service"';
const done = `echelon_jobs_processed_total{${where}}`;
const failed = `echelon_jobs_failed_total{${where}}`;

/** What waits, what is worked on, and what fails, by queue and by job. */
export const jobs: Dashboard = {
  uid: "echelon-jobs",
  title: "Jobs",
  description: "Queues and the work on them",
  variables: [SERVICE],
  rows: [{
    height: 4,
    panels: [{
      title: "Waiting",
      description: "Ready or delayed. Each process tells the whole, so this is the greatest.",
      type: "stat",
      unit: "short",
      prometheus: [{
        expr: `max by (job_queue) (echelon_jobs_queued{${where}})`,
        legend: "{{job_queue}}",
      }],
    }, {
      title: "Done",
      type: "stat",
      unit: "ops",
      prometheus: [{ expr: rate(done) }],
    }, {
      title: "Attempts that fail",
      type: "stat",
      unit: "percentunit",
      red: 0.25,
      prometheus: [{
        expr: `(${rate(failed)} or vector(0)) / ((${rate(failed)} or vector(0)) + ${rate(done)})`,
      }],
    }, {
      title: "95 % start late by less than",
      description: "After they were due, in all queues together",
      type: "stat",
      unit: "s",
      red: 30,
      prometheus: [{ expr: quantile(0.95, "echelon_jobs_lag_seconds", { where }) }],
    }],
  }, {
    height: 9,
    panels: [{
      title: "Waiting",
      type: "timeseries",
      unit: "short",
      prometheus: [{
        expr: `max by (job_queue) (echelon_jobs_queued{${where}})`,
        legend: "{{job_queue}}",
      }],
    }, {
      title: "Enqueued",
      type: "timeseries",
      unit: "ops",
      prometheus: [{
        expr: rate(`messaging_client_sent_messages_total{${where}}`, "messaging_destination_name"),
        legend: "{{messaging_destination_name}}",
      }],
    }, {
      title: "95 % start late by less than",
      description: "Ends at an hour, with the last bucket",
      type: "timeseries",
      unit: "s",
      red: 30,
      prometheus: [{
        expr: quantile(0.95, "echelon_jobs_lag_seconds", { where, by: "job_queue" }),
        legend: "{{job_queue}}",
      }],
    }],
  }, {
    height: 9,
    panels: [{
      title: "Done, by job",
      type: "timeseries",
      unit: "ops",
      prometheus: [{ expr: rate(done, "job_queue, job_name"), legend: "{{job_name}}" }],
    }, {
      title: "Failed attempts, by job",
      type: "timeseries",
      unit: "ops",
      prometheus: [{
        expr: rate(failed, "job_queue, job_name, error_type"),
        legend: "{{job_name}}: {{error_type}}",
      }],
    }, {
      title: "95 % of the attempts take less than",
      type: "timeseries",
      unit: "s",
      prometheus: [{
        expr: quantile(0.95, "messaging_process_duration_seconds", {
          where,
          by: "messaging_destination_name, error_type",
        }),
        legend: "{{messaging_destination_name}} {{error_type}}",
      }],
    }, {
      title: "95 % are enqueued in less than",
      type: "timeseries",
      unit: "s",
      prometheus: [{
        expr: quantile(0.95, "messaging_client_operation_duration_seconds", {
          where,
          by: "messaging_destination_name",
        }),
        legend: "{{messaging_destination_name}}",
      }],
    }],
  }],
};
