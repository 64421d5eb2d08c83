using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Domains;

/// <summary>Adds and removes the custom domains of a service. The caller saves.</summary>
internal sealed class CustomDomains(IdSource ids, PlatformSettings settings, TimeProvider time)
{
    /// <summary>Explains why a service cannot have a domain; null if it can.</summary>
    public async Task<string?> ExplainAsync(PorticoDb db, string name, CancellationToken cancellationToken)
    {
        if (DomainNames.Explain(name) is { } problem)
            return problem;
        if (name == settings.Domain || (settings.Domain != "localhost" && name.EndsWith($".{settings.Domain}", StringComparison.Ordinal)))
            return $"'{name}' belongs to the platform itself.";
        var slug = name.Split('.')[0];
        return name == settings.HostOf(slug) && await db.Services.AnyAsync(row => row.Slug == slug, cancellationToken)
            ? $"'{name}' is the address of another service."
            : null;
    }

    /// <summary>Explains why a service of a Blueprint, which may not exist yet, cannot have a domain; null if it can, or has it already.</summary>
    public async Task<string?> ExplainAsync(PorticoDb db, string workspace, string service, string name, CancellationToken cancellationToken)
    {
        var owner = await db.Services.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.Name == service).Select(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken);
        var holder = await db.CustomDomains.AsNoTracking().Where(row => row.Name == name).Select(row => row.ServiceId).FirstOrDefaultAsync(cancellationToken);
        if (holder is not null && holder == owner)
            return null;
        if (await ExplainAsync(db, name, cancellationToken) is { } problem)
            return problem;
        return holder is not null || await IsOfOthersAsync(db, workspace, name, cancellationToken) ? TakenText(name) : null;
    }

    /// <summary>Adds the names, and their counterparts (with or without <c>www.</c>) if these are free.</summary>
    /// <exception cref="RefusedException">409: another service has one of the names.</exception>
    public async Task<List<CustomDomainRow>> AddAsync(
        PorticoDb db, ServiceRow service, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var added = new List<CustomDomainRow>();
        foreach (var name in names)
        {
            if (await IsTakenAsync(db, name, cancellationToken) || await IsOfOthersAsync(db, service.WorkspaceId, name, cancellationToken))
                throw Taken(name);
            added.Add(db.CustomDomains.Add(New(service, name, null)).Entity);
        }
        foreach (var name in names)
            if (DomainNames.Partner(name) is { } partner && !await IsTakenAsync(db, partner, cancellationToken)
                && !await IsOfOthersAsync(db, service.WorkspaceId, partner, cancellationToken))
                added.Add(db.CustomDomains.Add(New(service, partner, name)).Entity);
        return added;
    }

    /// <summary>Changes a service's domains to those of a Blueprint.</summary>
    /// <exception cref="RefusedException">409: another service has one of the names.</exception>
    public async Task ReplaceAsync(PorticoDb db, ServiceRow service, IEnumerable<string> wanted, CancellationToken cancellationToken)
    {
        var names = wanted.Select(name => name.ToLowerInvariant()).Distinct().ToList();
        var rows = await db.CustomDomains.Where(row => row.ServiceId == service.Id).ToListAsync(cancellationToken);
        db.CustomDomains.RemoveRange(rows.Where(row => !names.Contains(row.Name) && !names.Contains(row.RedirectForName ?? "")));
        // What stood beside another name and is now asked for by its own is served itself.
        foreach (var row in rows.Where(row => names.Contains(row.Name)))
            row.RedirectForName = null;
        await AddAsync(db, service, [.. names.Where(name => rows.All(row => row.Name != name))], cancellationToken);
    }

    public static RefusedException Taken(string name) => Refusal.Conflict($"name: {TakenText(name)}");

    private static string TakenText(string name) => $"'{name}' is already a custom domain of a service on this platform.";

    private static async Task<bool> IsTakenAsync(PorticoDb db, string name, CancellationToken cancellationToken) =>
        db.CustomDomains.Local.Any(row => row.Name == name) || await db.CustomDomains.AnyAsync(row => row.Name == name, cancellationToken);

    /// <summary>
    /// Whether another workspace prevents the use of a name. A wildcard belongs to its workspace as a whole: other
    /// workspaces can add no name below it, and no wildcard above their names.
    /// </summary>
    private static async Task<bool> IsOfOthersAsync(PorticoDb db, string workspace, string name, CancellationToken cancellationToken)
    {
        var others = db.CustomDomains.Where(row => row.WorkspaceId != workspace);
        if (DomainNames.WildcardOver(name) is { } over)
            return await others.AnyAsync(row => row.Name == over, cancellationToken);
        var below = await others.Where(row => row.Name.EndsWith(name.Substring(1))).Select(row => row.Name).ToListAsync(cancellationToken);
        return below.Any(row => DomainNames.WildcardOver(row) == name);
    }

    private CustomDomainRow New(ServiceRow service, string name, string? redirectFor)
    {
        var now = time.GetUtcNow();
        return new CustomDomainRow
        {
            Id = ids.New<CustomDomainId>().Value,
            WorkspaceId = service.WorkspaceId,
            ServiceId = service.Id,
            Name = name,
            RedirectForName = redirectFor,
            VerifiedAt = DomainNames.IsLocal(name) ? now : null,
            CheckAt = now,
            CreatedAt = now,
        };
    }
}
