using System.Runtime.CompilerServices;
using Portico.Api.Contracts.Platform;

namespace Portico.Cli.Logs;

/// <summary>Follows a log across restarts of the server.</summary>
internal static class FollowedLog
{
    private const int MostFailures = 20;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends when the server has been unreachable for long.</summary>
    public static async IAsyncEnumerable<LogEntry> ReadAsync(
        PlatformClient client, TimeProvider time, LogsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var failures = 0; failures < MostFailures; failures++)
        {
            await using var entries = client.ReadLogsAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await MoveAsync(entries))
            {
                failures = 0;
                yield return entries.Current;
            }
            // Skip what was already shown.
            request = request with { Tail = 0 };
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
