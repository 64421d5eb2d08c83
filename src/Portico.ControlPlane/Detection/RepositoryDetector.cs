using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Services;
using Portico.ControlPlane.Sources;
using Portico.Core.Detection;
using Portico.Core.Services;
using Portico.Core.Sources;
using Portico.Hosting;

namespace Portico.ControlPlane.Detection;

/// <summary>
/// Recognizes the apps in a repository, before a service is built from it. It fetches with the rights that the new service would have,
/// and runs nothing.
/// </summary>
internal sealed class RepositoryDetector(ServiceCreation creation, ServiceSources sources, SourceStore store)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A form asks again after each change, and a workspace has one answer made at a time.</summary>
    private readonly KeyedLock _turns = new();

    /// <exception cref="RefusedException">400: a field is invalid. 422: the repository cannot be read, or not in time.</exception>
    public async Task<DetectedApps> DetectAsync(Caller caller, DetectApps request, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(request.OwnerId);
        var wanted = ServiceTerms.TypeOf(request.Type) ?? throw RequestValues.Unknown(
            "type", request.Type, "static_site, web_service, private_service, background_worker or cron_job");
        var source = creation.Read(caller, SiteOf(request)).Settings.Source;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var turn = await _turns.TakeAsync(workspace, patience.Token);
            return await DetectAsync(GivenRepository.Of(source, workspace)!, source, wanted, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Refusal.Unprocessable($"{GitUrl.Shown(request.Repo)} could not be looked at within {Patience.TotalSeconds:0} seconds.");
        }
        catch (GitException exception)
        {
            throw Refusal.Unprocessable($"Could not fetch {GitUrl.Shown(request.Repo)}: {GitUrl.Mask(exception.Message, request.Repo)}");
        }
    }

    private async Task<DetectedApps> DetectAsync(GivenRepository given, SourceSettings source, ServiceType wanted, CancellationToken cancellationToken)
    {
        var commit = await sources.FetchAsync(given, source.Branch, cancellationToken);
        var tree = await CommitFiles.ReadAsync(store, sources.RepositoryOf(given.Url, given.Workspace), commit, cancellationToken);
        var found = await Task.Run(() => ProjectDetector.Detect(tree, NameOf(given.Url)), cancellationToken);
        var directory = source.RootDir?.Trim('/') ?? "";
        var apps = found.Services.Where(app => directory.Length == 0 || app.RootDirectory?.Value == directory);
        return new DetectedApps(commit, [.. apps.Select(app => AppGuesses.Of(app, wanted))], found.IsCut);
    }

    /// <summary>Of all services, a static site needs the least, and the rules for repositories are the same.</summary>
    private static ServicePost SiteOf(DetectApps request) => new()
    {
        Type = ServiceType.StaticSite.Name(),
        Name = "app",
        OwnerId = request.OwnerId,
        Repo = request.Repo,
        Branch = request.Branch,
        RootDir = request.RootDir,
    };

    private static string NameOf(string url)
    {
        var last = url.TrimEnd('/').Split('/', ':')[^1];
        return last.EndsWith(".git", StringComparison.OrdinalIgnoreCase) ? last[..^".git".Length] : last;
    }
}
