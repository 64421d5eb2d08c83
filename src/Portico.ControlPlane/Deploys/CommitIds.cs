using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.Sources;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Deploys;

/// <summary>
/// Completes short commit ids, such as <c>git log --oneline</c> prints them. Only commits that belong to the service are
/// candidates: those of its earlier deploys, and those of its repository that are on this machine or at the tip of its branch.
/// </summary>
internal sealed class CommitIds(SourceStore sources, ServiceSources remotes)
{
    /// <exception cref="RefusedException">It is not a commit id, or it means no commit, or several.</exception>
    public async Task<string> CompleteAsync(PorticoDb db, ServiceRow service, string text, Func<Task<string?>> tip, CancellationToken cancellationToken)
    {
        var digits = text.ToLowerInvariant();
        if (SourceStore.IsCommit(digits))
            return digits;
        if (!SourceStore.IsShortCommit(digits))
            throw Refusal.Invalid("commitId: must be a commit id: 40 hexadecimal digits, or its first digits, at least 4.");
        var found = await db.Deploys.Where(row => row.ServiceId == service.Id && row.Commit!.StartsWith(digits)).Select(row => row.Commit!).Distinct().ToListAsync(cancellationToken);
        if (service.Settings.Source.Repo is { } url)
        {
            found.AddRange(await sources.FindAsync(remotes.RepositoryOf(url, service.WorkspaceId), digits, cancellationToken));
            if (await tip() is { } newest && newest.StartsWith(digits, StringComparison.Ordinal))
                found.Add(newest);
        }
        return found.Distinct().ToList() switch
        {
            [var only] => only,
            [] => throw Refusal.Invalid($"commitId: no known commit of '{service.Name}' begins with {digits}. Use the full id, which git rev-parse {digits} prints."),
            var several => throw Refusal.Invalid($"commitId: {several.Count} commits begin with {digits}: {string.Join(", ", several.Order(StringComparer.Ordinal).Take(5))}. Use more digits."),
        };
    }
}
