using System.CommandLine;
using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Logs;
using Portico.Cli.Metrics;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class MetricsCommand
{
    private const string Usual = "1h";

    /// <summary>What a resource does not have, such as requests of a worker, has no values.</summary>
    private static readonly string[] Shown = ["cpu", "memory", "disk-usage", "instance-count", "active-connections", "http-requests", "http-latency"];

    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service or data store.");
        var since = new Option<string>("--since")
        {
            Description = $"The beginning of the measured time: {SinceTime.Examples}. Default: {Usual}.",
            HelpName = "TIME",
            DefaultValueFactory = _ => Usual,
        };
        since.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && SinceTime.Parse(result.Tokens[0].Value, host.Time) is null)
                result.AddError($"--since is '{result.Tokens[0].Value}'; it must be a duration or a time, for example {SinceTime.Examples}.");
        });
        var json = new Option<bool>("--json") { Description = "Print the summary as a JSON array." };
        var command = new Command("metrics", "Show CPU, memory, requests and latency of a service or data store.") { name, since, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetRequiredValue(name), SinceTime.Parse(parsed.GetRequiredValue(since), host.Time)!.Value, parsed.GetValue(json), cancellationToken));
        return (command, ["portico metrics api", "portico metrics api --since 1d --json"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, DateTimeOffset since, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var resource = server.FindOnly(name);
        var summaries = new List<MetricSummary>();
        foreach (var metric in Shown)
            summaries.AddRange((await server.Client.GetMetricAsync(metric, resource.Id, since, cancellationToken))
                .Select(series => MetricSummary.From(metric, series)).OfType<MetricSummary>());
        if (asJson)
            host.Out.WriteLine(JsonSerializer.Serialize([.. summaries], CliJson.Readable.MetricSummaryArray));
        else if (summaries.Count == 0)
            host.Out.WriteLine($"{resource.Name} has no metrics of this time. Portico measures once a minute.");
        else
            Write(host, summaries);
        return ExitCode.Ok;
    }

    private static void Write(CliHost host, IReadOnlyList<MetricSummary> summaries)
    {
        var table = new TextTable("METRIC", "INSTANCE", "LATEST", "AVERAGE", "MAXIMUM");
        foreach (var item in summaries)
            table.Add(new(item.Metric, host.OutStyle.Bold), item.Of, item.Text(item.Latest), item.Text(item.Average), item.Text(item.Maximum));
        table.Write(host.Out, host.OutStyle);
    }
}
