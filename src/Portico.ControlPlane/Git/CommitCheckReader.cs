using System.Text.Json;
using Portico.ControlPlane.Outbound;
using Portico.ControlPlane.Sources;

namespace Portico.ControlPlane.Git;

/// <summary>Reads from a Git provider whether a commit's checks have passed.</summary>
internal sealed class CommitCheckReader(OutboundClient client)
{
    private static readonly OutboundLimits Limits = new(TimeSpan.FromSeconds(20), 4 << 20);

    /// <param name="url">The repository's URL, with a token if there is one.</param>
    public async Task<CommitChecks> ReadAsync(string url, string commit, CancellationToken cancellationToken)
    {
        if (GitProvider.Of(url) is not { } provider)
            return new CommitChecks(ChecksState.Unknown, "autoDeployTrigger checksPass: Portico can't read the checks of this repository. Use the trigger commit, or call the deploy hook from your CI");
        try
        {
            var states = new List<ChecksState>();
            foreach (var address in provider.Addresses(commit))
                states.AddRange(await StatesAsync(provider, address, cancellationToken));
            return Sum(states);
        }
        catch (Exception exception) when (exception is OutboundException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return new CommitChecks(ChecksState.Pending, $"could not read the checks of the commit: {exception.Message}");
        }
    }

    private async Task<IReadOnlyList<ChecksState>> StatesAsync(GitProvider provider, Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.ParseAdd("Portico");
        request.Headers.Accept.ParseAdd("application/json");
        if (provider.Token is { } token)
            request.Headers.TryAddWithoutValidation(provider.Header, provider.Scheme + token);
        var answer = await client.SendAsync(request, Limits, cancellationToken);
        if (!answer.IsSuccess)
            throw new OutboundException($"{address.Host} responded with status {answer.Status}.");
        using var document = JsonDocument.Parse(answer.Body);
        return [.. Items(document.RootElement).Select(StateOf)];
    }

    /// <summary>Returns the items of a response. GitLab sends a list; other providers send an object that contains one.</summary>
    private static JsonElement[] Items(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
            return [.. root.EnumerateArray()];
        foreach (var name in (string[])["check_runs", "statuses"])
            if (root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array)
                return [.. list.EnumerateArray()];
        return [];
    }

    private static ChecksState StateOf(JsonElement item)
    {
        foreach (var name in (string[])["conclusion", "state", "status"])
            if (item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
                return StateOf(value.GetString()!);
        return ChecksState.Pending;
    }

    private static ChecksState StateOf(string word) => word switch
    {
        "success" or "neutral" or "skipped" or "warning" => ChecksState.Passed,
        "failure" or "failed" or "error" or "cancelled" or "canceled" or "timed_out" or "action_required" or "stale" or "startup_failure" => ChecksState.Failed,
        _ => ChecksState.Pending,
    };

    private static CommitChecks Sum(List<ChecksState> states)
    {
        if (states.Contains(ChecksState.Failed))
            return new CommitChecks(ChecksState.Failed, "its checks failed");
        return states.Count > 0 && states.TrueForAll(state => state == ChecksState.Passed)
            ? new CommitChecks(ChecksState.Passed, "its checks passed")
            : new CommitChecks(ChecksState.Pending, states.Count == 0 ? "no checks have been reported for the commit yet" : "its checks have not finished yet");
    }
}
