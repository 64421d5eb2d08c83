using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portico.RenderApi.Tests.Conformance;
using Portico.RenderApi.Tests.Server;

namespace Portico.RenderApi.Tests.Recordings;

/// <summary>Sends the recorded requests of one test of the provider to a server, in their order, and compares the answers.</summary>
internal sealed partial class Replay(RenderServer server, CancellationToken cancellationToken)
{
    private const string NotImplemented = "Portico does not implement this operation of Render's API yet";

    private readonly NameMap _names = new(server.Platform.Workspace, Repositories.Url);
    private readonly Dictionary<string, string> _cursors = new(StringComparer.Ordinal);
    private readonly HashSet<NotYet> _leftOut = [];

    public static async Task<IReadOnlyList<Outcome>> RunAsync(IEnumerable<Recording> flow, CancellationToken cancellationToken)
    {
        await using var server = await RenderServer.StartAsync(cancellationToken);
        var replay = new Replay(server, cancellationToken);
        var outcomes = new List<Outcome>();
        await replay.PrepareAsync(flow.First());
        foreach (var recording in flow)
            outcomes.Add(await replay.RepeatAsync(recording));
        return outcomes;
    }

    /// <summary>Brings about what a recording took for granted, because it had been set at Render before.</summary>
    private async Task PrepareAsync(Recording first)
    {
        if (first is { Method: "GET", Place: "/notification-settings/owners/some-owner-id" })
            await SendAsync(first with { Method = "PATCH", Request = first.Response }, new JsonObject { ["notificationsToSend"] = first.Answer!["notificationsToSend"]!.DeepClone() });
        if (first.Answer?["previewNotificationsEnabled"] is JsonValue isOn && isOn.ToString() == "true")
            _leftOut.Add(NotYet.All.Single(part => part.Places.Contains("previewNotificationsEnabled")));
    }

    private async Task<Outcome> RepeatAsync(Recording recording)
    {
        if (recording.Response.Contains("\"status\":\"available\"", StringComparison.Ordinal))
            await server.Platform.SettleAsync(cancellationToken);
        var sent = JsonText(_names.Translate(recording.Request));
        var leftOut = sent is JsonObject known ? _leftOut.Where(part => part.LeaveOut(known)).ToList() : [];
        var answer = await SendAsync(recording, sent);
        if (answer.Status != recording.Status && answer.Text.Contains(NotImplemented, StringComparison.Ordinal))
            return new Outcome(recording, OutcomeKind.NotYet, [OperationIn(answer)]);
        while (answer.Status != recording.Status && sent is JsonObject body && NextPart(answer, body) is { } part)
        {
            leftOut.Add(part);
            _leftOut.Add(part);
            answer = await SendAsync(recording, sent);
        }
        return Judge(recording, answer, leftOut);
    }

    private Outcome Judge(Recording recording, Answer answer, List<NotYet> leftOut)
    {
        var found = answer.Status == recording.Status
            ? Comparison.Compare(recording.Answer, JsonText(answer.Text), _names)
            : [new Difference($"{recording.Status} → {answer.Status}", answer.Text)];
        var rest = found.Where(difference => !_leftOut.Any(part => part.Covers(difference))).ToList();
        var purposes = OnPurpose.All.Where(entry => rest.Any(difference => entry.Covers(recording, difference))).ToList();
        var unwanted = rest.Where(difference => !purposes.Any(entry => entry.Covers(recording, difference))).ToList();
        var missing = leftOut.Concat(_leftOut.Where(part => found.Any(part.Covers))).Distinct().ToList();
        var kind = unwanted.Count > 0 ? OutcomeKind.Different
            : missing.Count > 0 ? OutcomeKind.NotYet
            : purposes.Count > 0 ? OutcomeKind.OnPurpose
            : OutcomeKind.Equal;
        return new Outcome(recording, kind, [.. missing.Select(part => part.Name), .. purposes.Select(entry => entry.Name), .. unwanted.Select(difference => difference.ToString())]);
    }

    /// <summary>Takes the part out of a body that its refusal names.</summary>
    private static NotYet? NextPart(Answer refusal, JsonObject body) =>
        NotYet.All.FirstOrDefault(part => refusal.Text.Contains(part.Says, StringComparison.Ordinal) && part.LeaveOut(body));

    private async Task<Answer> SendAsync(Recording recording, JsonNode? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(recording.Method), await PathAsync(recording));
        if (recording.Request.Length > 0)
            request.Content = new StringContent(body?.ToJsonString() ?? "null", Encoding.UTF8, "application/json");
        using var response = await server.SendAsync(request, server.Cast.Owner, cancellationToken);
        var answer = await Answer.ReadAsync(response, cancellationToken);
        if (answer.Json is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 && list[list.GetArrayLength() - 1] is { ValueKind: JsonValueKind.Object } last
            && last.TryGetProperty("cursor", out var cursor))
            _cursors[recording.Place] = cursor.GetString()!;
        return answer;
    }

    /// <summary>The path with our ids, and with our cursor of the list's last page where it has a recorded one.</summary>
    private async Task<string> PathAsync(Recording recording)
    {
        if (Cursor().IsMatch(recording.Path) && !_cursors.ContainsKey(recording.Place))
            await SendAsync(recording with { Path = recording.Place }, null);
        var path = Cursor().Replace(recording.Path, match =>
            _cursors.TryGetValue(recording.Place, out var cursor) ? $"{match.Groups[1].Value}cursor={Uri.EscapeDataString(cursor)}" : match.Groups[1].Value);
        return $"/v1{_names.Translate(path)}";
    }

    private static JsonNode? JsonText(string text) => text.Length == 0 ? null : JsonNode.Parse(text);

    private static string OperationIn(Answer refusal) => refusal.Json!.Value.GetProperty("message").GetString()!;

    [GeneratedRegex("([?&])cursor=[^&]+")]
    private static partial Regex Cursor();
}
