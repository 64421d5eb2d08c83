using System.CommandLine;
using System.Text.Json;
using Portico.Cli.Hosting;
using Portico.Cli.Rendering;
using Portico.Cli.Servers;

namespace Portico.Cli.Commands;

internal static class EventsCommand
{
    private const int Usual = 20;

    public static (Command, string[]) Create(CliHost host)
    {
        var name = NameArgument.Create(host, "The name of a service.", ResourceWords.Services);
        var limit = LimitOption.Create(Usual);
        var json = new Option<bool>("--json") { Description = "Print the events as a JSON array." };
        var command = new Command("events", "List what happened to a service, newest first.") { name, limit, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            host, parsed.GetRequiredValue(name), parsed.GetValue(limit), parsed.GetValue(json), cancellationToken));
        return (command, ["portico events api", "portico events api --limit 100 --json | jq -r '.[].type'"]);
    }

    private static async Task<int> RunAsync(CliHost host, string name, int limit, bool asJson, CancellationToken cancellationToken)
    {
        using var server = await ServerConnection.OpenAsync(host, cancellationToken);
        var service = server.FindService(name);
        var events = await server.Client.ListEventsAsync(service.Id, limit, cancellationToken);
        if (asJson)
        {
            host.Out.WriteLine(JsonSerializer.Serialize([.. events], CliJson.Readable.EventArray));
            return ExitCode.Ok;
        }
        var table = new TextTable("TIME", "EVENT", "DETAILS");
        foreach (var item in events)
            table.Add(TimeText.Of(item.Timestamp), new(item.Type.Replace('_', ' '), host.OutStyle.Bold), DetailsOf(item.Details));
        table.Write(host.Out, host.OutStyle);
        return ExitCode.Ok;
    }

    /// <summary>Shows the plain fields: what is nested is for scripts.</summary>
    private static string? DetailsOf(JsonElement details)
    {
        var fields = details.ValueKind != JsonValueKind.Object ? [] : details.EnumerateObject()
            .Where(field => field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            .Select(field => $"{field.Name}={field.Value}").ToList();
        return fields.Count == 0 ? null : string.Join(' ', fields);
    }
}
