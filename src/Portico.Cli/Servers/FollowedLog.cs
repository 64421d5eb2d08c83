using System.Runtime.CompilerServices;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Servers;

/// <summary>Follows a log across restarts of the server.</summary>
internal static class FollowedLog
{
    private const int MostFailures = 20;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends when the server has been unreachable for long.</summary>
    /// <param name="lines">How many of the last lines to start with; null for all.</param>
    public static async IAsyncEnumerable<LogEntry> ReadAsync(
        PlatformClient client, TimeProvider time, string name, int? lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var failures = 0; failures < MostFailures; failures++)
        {
            await using var entries = client.ReadLogsAsync(name, lines, follow: true, build: false, cancellationToken)
                .GetAsyncEnumerator(cancellationToken);
            while (await MoveAsync(entries))
            {
                failures = 0;
                yield return entries.Current;
            }
            // Skip what was already shown.
            lines = 0;
            await Task.Delay(RetryEvery, time, cancellationToken);
        }
    }

    private static async Task<bool> MoveAsync(IAsyncEnumerator<LogEntry> entries)
    {
        try
        {
            return await entries.MoveNextAsync();
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
