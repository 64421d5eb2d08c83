using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;
using Portico.Cli.Up;

namespace Portico.Cli.Logs;

/// <summary>One <c>portico logs</c>: the lines, and why the newest deploy failed, if it did.</summary>
internal sealed class LogsRun(CliHost host, LogsOptions options)
{
    public const int UsualLines = 100;

    /// <summary>How many lines of a failed build to show. The reason is at its end.</summary>
    private const int EndOfBuild = 40;

    public static readonly string[] Levels = ["debug", "info", "warning", "error"];

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var resource = server.Find(options.Name);
        var printer = new LogPrinter(host, options, !options.Build && resource.Instances.Count > 1);
        try
        {
            if (!options.Build && options.Follow)
                await ShowFailureAsync(server.Client, resource, printer, cancellationToken);
            await PrintAsync(server.Client, RequestOf(resource), printer, cancellationToken);
            if (options.Build)
                await ExplainAsync(server.Client, resource, cancellationToken);
            else if (!options.Follow)
                await ShowFailureAsync(server.Client, resource, printer, cancellationToken);
            if (!printer.HasPrinted)
                SayThatNothingIsThere(resource);
        }
        catch (OperationCanceledException) when (options.Follow && cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the usual end of following.
        }
        return ExitCode.Ok;
    }

    private LogsRequest RequestOf(ResourceStatus resource) => new(resource.Id)
    {
        Tail = options.Lines ?? (options.Build || options.Since is not null ? null : UsualLines),
        Follow = options.Follow,
        Build = options.Build,
        Since = options.Since,
        Levels = options.Level is { } level ? Levels[Array.IndexOf(Levels, level)..] : [],
        Times = options.Timestamps || options.Json,
    };

    private async Task PrintAsync(PlatformClient client, LogsRequest request, LogPrinter printer, CancellationToken cancellationToken)
    {
        var entries = request is { Follow: true, Build: false }
            ? FollowedLog.ReadAsync(client, host.Time, request, cancellationToken)
            : client.ReadLogsAsync(request, cancellationToken);
        await foreach (var entry in entries)
            printer.Print(entry);
    }

    /// <summary>
    /// A deploy that failed before its instances started has written nothing to the service's own log, and that is where users look
    /// first. So the end of its build log follows, and the reason.
    /// </summary>
    private async Task ShowFailureAsync(PlatformClient client, ResourceStatus resource, LogPrinter printer, CancellationToken cancellationToken)
    {
        if (resource.Failure is not { } failure || IsBeforeSince(resource) || options.Level is not null)
            return;
        if (resource.Deploy is { Status: "build_failed" or "pre_deploy_failed" } deploy)
        {
            host.Error.WriteLine(host.ErrorStyle.Dim($"The end of the log of deploy {deploy.Id}, which failed (all of it: portico logs {resource.Name} --build):"));
            var request = RequestOf(resource) with { Build = true, Follow = false, Tail = Math.Min(options.Lines ?? EndOfBuild, EndOfBuild), Since = null };
            await PrintAsync(client, request, printer, cancellationToken);
        }
        UpSummary.WriteFailure(host, resource.Name, failure, withLines: !printer.HasPrinted);
    }

    /// <summary>Shows the failure below a build log, which the status of the time of the call may not know yet.</summary>
    private async Task ExplainAsync(PlatformClient client, ResourceStatus before, CancellationToken cancellationToken)
    {
        var now = (await client.GetStatusAsync(cancellationToken)).Resources.FirstOrDefault(item => item.Id == before.Id);
        if (now?.Failure is { } failure)
            UpSummary.WriteFailure(host, now.Name, failure, withLines: false);
    }

    private bool IsBeforeSince(ResourceStatus resource) => options.Since is { } since && resource.Deploy?.FinishedAt < since;

    private void SayThatNothingIsThere(ResourceStatus resource)
    {
        if (options.Follow || options.Json)
            return;
        var hint = resource.Deploy?.Status switch
        {
            "build_in_progress" or "pre_deploy_in_progress" or "queued" or "created" => $" Follow its deploy with `portico logs {resource.Name} --build --tail`.",
            _ => "",
        };
        host.Error.WriteLine(host.ErrorStyle.Dim($"{resource.Name} has no such log lines.{hint}"));
    }
}
