using System.Text.Json;
using Portico.Api.Contracts.Render;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Jobs;

/// <summary>One <c>portico jobs run</c>: starts a job, and waits until it has ended.</summary>
internal sealed class JobRun(CliHost host, bool detach, bool asJson)
{
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(200);

    public async Task<int> RunAsync(string name, JobPost request, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var job = await server.Client.CreateJobAsync(service.Id, request, cancellationToken);
        if (!asJson)
            host.Out.WriteLine($"Running {job.Id} in {service.Name}. See its output with `portico logs {service.Name}`.");
        if (!detach)
            job = await EndAsync(server, job, cancellationToken);
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize(job, CliJson.Readable.Job));
        else if (!detach)
            host.Out.WriteLine($"{job.Id} {Ended(job)}.");
        return detach || job.Status == "succeeded" ? ExitCode.Ok : ExitCode.Failure;
    }

    private async Task<Job> EndAsync(ServerConnection server, Job job, CancellationToken cancellationToken)
    {
        while (job.Status is not ("succeeded" or "failed" or "canceled"))
        {
            await Task.Delay(PollEvery, host.Time, cancellationToken);
            job = await server.Client.GetJobAsync(job.ServiceId, job.Id, cancellationToken);
        }
        return job;
    }

    private static string Ended(Job job)
    {
        var after = TimeText.Between(job.StartedAt, job.FinishedAt) is { } took ? $" after {took}" : "";
        return job.Status == "canceled" ? $"was canceled{after}" : $"{job.Status}{after}";
    }
}
