using Microsoft.EntityFrameworkCore;
using Portico.Blueprint.Planning;
using Portico.ControlPlane.State;
using Portico.Core.Ids;

namespace Portico.ControlPlane.Projects;

/// <summary>Creates the projects and environments of a Blueprint. Adds to the context; the caller saves.</summary>
internal sealed class EnvironmentWriter(IdSource ids, TimeProvider time)
{
    /// <returns>The id of every environment of the workspace, by project name and environment name.</returns>
    public async Task<IReadOnlyDictionary<(string Project, string Environment), string>> WriteAsync(
        PorticoDb db, string workspace, BlueprintPlan plan, CancellationToken cancellationToken)
    {
        var projects = await db.Projects.Where(row => row.WorkspaceId == workspace).ToDictionaryAsync(row => row.Name, cancellationToken);
        var environments = await db.Environments.Where(row => row.WorkspaceId == workspace).ToListAsync(cancellationToken);
        foreach (var planned in plan.Projects.Where(item => !projects.ContainsKey(item.Name)))
            db.Projects.Add(projects[planned.Name] = NewProject(workspace, planned.Name));
        foreach (var planned in plan.Environments)
        {
            var project = projects[planned.Project!];
            var row = environments.Find(item => item.ProjectId == project.Id && item.Name == planned.Environment);
            if (row is null)
            {
                db.Environments.Add(row = NewEnvironment(project, planned.Environment!));
                environments.Add(row);
            }
            Update(row, planned.Target.Protected is true, planned.Target.Isolated is true);
        }
        var names = projects.Values.ToDictionary(row => row.Id, row => row.Name);
        return environments.ToDictionary(row => (names[row.ProjectId], row.Name), row => row.Id);
    }

    public ProjectRow NewProject(string workspace, string name) => new()
    {
        Id = ids.New<ProjectId>().Value,
        WorkspaceId = workspace,
        Name = name,
        CreatedAt = time.GetUtcNow(),
        UpdatedAt = time.GetUtcNow(),
    };

    public EnvironmentRow NewEnvironment(ProjectRow project, string name)
    {
        return new()
        {
            Id = ids.New<EnvironmentId>().Value,
            WorkspaceId = project.WorkspaceId,
            ProjectId = project.Id,
            Name = name,
            CreatedAt = time.GetUtcNow(),
            UpdatedAt = time.GetUtcNow(),
        };
    }

    private void Update(EnvironmentRow row, bool isProtected, bool isIsolated)
    {
        if ((row.IsProtected, row.IsIsolated) == (isProtected, isIsolated))
            return;
        (row.IsProtected, row.IsIsolated, row.UpdatedAt) = (isProtected, isIsolated, time.GetUtcNow());
        row.Version++;
    }
}
