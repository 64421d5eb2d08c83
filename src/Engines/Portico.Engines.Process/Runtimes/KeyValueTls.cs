using Portico.Engines.Process.Accounts;

namespace Portico.Engines.Process.Runtimes;

/// <summary>Finds out whether a Redis-compatible server was built with TLS. Its version does not say.</summary>
internal static class KeyValueTls
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <remarks>It passes an invalid value, so the server never starts: it reports either an unknown setting or the allowed values.</remarks>
    public static async Task<bool> IsBuiltInAsync(string program, Account account, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            var answer = await Tool.RunAsync([.. account.Prefix, program, "--tls-auth-clients", "neither"], timeout.Token);
            var said = answer.Output + answer.Error;
            return said.Contains("argument", StringComparison.Ordinal) && !said.Contains("Bad directive", StringComparison.Ordinal);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
