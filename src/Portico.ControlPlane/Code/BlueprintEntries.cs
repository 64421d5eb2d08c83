using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.Blueprint;
using Portico.Blueprint.Model;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Code;

/// <summary>Writes a <c>render.yaml</c> with one resource.</summary>
internal static class BlueprintEntries
{
    /// <param name="environment">The environment of the resource; null for none.</param>
    public static async Task<CodeText> WriteAsync(
        PorticoDb db, string workspace, string? environment, ResourceLists resource, CancellationToken cancellationToken)
    {
        var first = await FirstWorkspace.IdAsync(db, cancellationToken);
        if (workspace != first)
            return CodeText.Not($"`portico up` applies a render.yaml in the workspace '{await NameAsync(db, first, cancellationToken)}', not in this one.");
        return CodeText.Of(BlueprintWriter.Write(environment is null
            ? new BlueprintFile { Resources = resource }
            : new BlueprintFile { Projects = [await PlaceAsync(db, environment, resource, cancellationToken)] }));
    }

    private static async Task<ProjectSpec> PlaceAsync(PorticoDb db, string environment, ResourceLists resource, CancellationToken cancellationToken)
    {
        var place = await db.Environments.AsNoTracking().Where(row => row.Id == environment)
            .Join(db.Projects, row => row.ProjectId, project => project.Id, (row, project) => new { row.Name, Project = project.Name })
            .SingleAsync(cancellationToken);
        return new ProjectSpec { Name = place.Project, Environments = [new EnvironmentSpec { Name = place.Name, Resources = resource }] };
    }

    private static Task<string> NameAsync(PorticoDb db, string workspace, CancellationToken cancellationToken) =>
        db.Workspaces.Where(row => row.Id == workspace).Select(row => row.Name).SingleAsync(cancellationToken);
}
