using Portico.Api.Contracts.Render;

namespace Portico.Api.Contracts.Platform;

/// <summary>Custom domains, events, jobs and cron runs of a service, by its id.</summary>
public sealed partial class PlatformClient
{
    public async Task<IReadOnlyList<CustomDomain>> ListDomainsAsync(string service, CancellationToken cancellationToken) =>
        [.. (await ListAsync<CustomDomainWithCursor>(DomainsPath(service), item => item.Cursor, null, cancellationToken)).Select(item => item.CustomDomain)];

    /// <summary>Adds a custom domain, and its counterpart with or without <c>www.</c>.</summary>
    public Task<IReadOnlyList<CustomDomain>> AddDomainAsync(string service, string name, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<CustomDomain>>(HttpMethod.Post, DomainsPath(service), BodyOf(new CustomDomainPost { Name = name }), cancellationToken);

    public Task RemoveDomainAsync(string service, string name, CancellationToken cancellationToken) =>
        TellAsync(HttpMethod.Delete, $"{DomainsPath(service)}/{Uri.EscapeDataString(name)}", null, cancellationToken);

    /// <summary>Lists the newest events of a service, newest first.</summary>
    public async Task<IReadOnlyList<Event>> ListEventsAsync(string service, int most, CancellationToken cancellationToken) =>
        [.. (await ListAsync<EventWithCursor>($"{ServicePath(service)}/events", item => item.Cursor, most, cancellationToken)).Select(item => item.Event)];

    /// <summary>Lists the newest one-off jobs of a service, newest first.</summary>
    public async Task<IReadOnlyList<Job>> ListJobsAsync(string service, int most, CancellationToken cancellationToken) =>
        [.. (await ListAsync<JobWithCursor>(JobsPath(service), item => item.Cursor, most, cancellationToken)).Select(item => item.Job)];

    public Task<Job> GetJobAsync(string service, string job, CancellationToken cancellationToken) =>
        AskAsync<Job>(HttpMethod.Get, $"{JobsPath(service)}/{Uri.EscapeDataString(job)}", null, cancellationToken);

    /// <summary>Runs a command once in the service's live deploy.</summary>
    public Task<Job> CreateJobAsync(string service, JobPost request, CancellationToken cancellationToken) =>
        AskAsync<Job>(HttpMethod.Post, JobsPath(service), BodyOf(request), cancellationToken);

    public Task<Job> CancelJobAsync(string service, string job, CancellationToken cancellationToken) =>
        AskAsync<Job>(HttpMethod.Post, $"{JobsPath(service)}/{Uri.EscapeDataString(job)}/cancel", null, cancellationToken);

    /// <summary>Runs a cron job now. A run in progress is canceled.</summary>
    public Task<CronJobRun> RunCronJobAsync(string cronJob, CancellationToken cancellationToken) =>
        AskAsync<CronJobRun>(HttpMethod.Post, $"cron-jobs/{Uri.EscapeDataString(cronJob)}/runs", null, cancellationToken);

    private static string DomainsPath(string service) => $"{ServicePath(service)}/custom-domains";

    private static string JobsPath(string service) => $"{ServicePath(service)}/jobs";
}
