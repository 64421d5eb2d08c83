using Portico.Api.Contracts.Platform;
using Portico.Cli.Hosting;
using Portico.Cli.Servers;

namespace Portico.Cli.Remotes;

/// <summary>Connects to a platform on another machine.</summary>
internal static class RemoteConnection
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    /// <exception cref="CliException">It cannot be reached, or refuses the key.</exception>
    public static async Task<ServerConnection> OpenAsync(Remote remote, CancellationToken cancellationToken)
    {
        var client = PlatformClient.Connect(new Uri(remote.Url), remote.Key);
        try
        {
            return new ServerConnection(client, await AnswerAsync(remote, token => StatusAsync(client, token), cancellationToken)) { ReadStatus = StatusAsync };
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the first answer, and says what to do when there is none.</summary>
    /// <exception cref="CliException">There is none, or the platform refuses the key.</exception>
    public static async Task<T> AnswerAsync<T>(Remote remote, Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTimeout);
        try
        {
            return await ask(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"{remote.Url} did not answer within {AnswerTimeout.TotalSeconds:0} seconds.", "Check the address and the network.");
        }
        catch (HttpRequestException error)
        {
            throw new CliException($"{remote.Url} cannot be reached: {error.Message}", "Check the address. `portico config list` shows the platforms that you can choose.");
        }
        catch (PlatformException error) when (error.StatusCode == 401)
        {
            throw new CliException($"{remote.Url} refused the API key.", $"Log in again with `portico login {remote.Url}`.");
        }
        catch (PlatformException error) when (error.StatusCode is 404 or (>= 300 and < 400))
        {
            throw new CliException($"{remote.Url} is not the address of a Portico platform.", "Use the address of its dashboard.");
        }
    }

    /// <summary>Reads the whole status as the owner of the machine, and otherwise what the user's workspaces contain.</summary>
    private static async Task<PlatformStatus> StatusAsync(PlatformClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetStatusAsync(cancellationToken);
        }
        catch (PlatformException error) when (error.StatusCode == 403)
        {
            var resources = new List<ResourceStatus>();
            foreach (var workspace in await client.ListWorkspacesAsync(cancellationToken))
                resources.AddRange((await client.GetOverviewAsync(workspace.Id, cancellationToken)).Rows.Select(FromRow));
            return new PlatformStatus { Version = AppVersion.Number, ServerProcessId = 0, HttpPort = 0, EdgeServes = true, Resources = resources };
        }
    }

    private static ResourceStatus FromRow(OverviewRow row) => new()
    {
        Name = row.Name,
        Id = row.Id,
        Type = row.Type,
        Status = row.Status,
        Url = row.Url,
        Deploy = row.Deploy is { } deploy ? new DeploySummary(deploy.Id, deploy.Status, deploy.Commit, deploy.CreatedAt, null) : null,
        Instances = [],
        Failure = row.Failure is { } failure ? new ResourceFailure("deploy", failure, [], row.Hint) : null,
        Warnings = row.Warning is { } warning ? [warning] : [],
    };
}
