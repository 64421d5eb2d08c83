using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Render;
using Portico.Blueprint.Rules;
using Portico.ControlPlane.Access;
using Portico.ControlPlane.Projects;
using Portico.ControlPlane.Refusals;
using Portico.ControlPlane.State;
using Portico.Core.Ids;
using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Creates and changes env groups. A change deploys the services that are linked to the group.</summary>
internal sealed class EnvGroupWrites(ServiceChanges changes, IdSource ids, TimeProvider time)
{
    public async Task<EnvGroupRow> CreateAsync(PorticoDb db, Caller caller, EnvGroupPost post, CancellationToken cancellationToken)
    {
        var workspace = caller.RequireWorkspace(post.OwnerId);
        RequireName(post.Name);
        var variables = EnvVarInputs.Read(post.EnvVars, "envVars");
        var files = EnvVarInputs.Read(post.SecretFiles, "secretFiles");
        var environment = await Placement.RequireAsync(db, caller, workspace, post.EnvironmentId, cancellationToken);
        return await changes.ApplyAsync(db, caller, async affected =>
        {
            await db.RequireFreeGroupNameAsync(workspace, post.Name, cancellationToken);
            var now = time.GetUtcNow();
            var group = new EnvGroupRow
            {
                Id = ids.New<EnvGroupId>().Value,
                WorkspaceId = workspace,
                Name = post.Name,
                EnvironmentId = environment,
                CreatedAt = now,
                UpdatedAt = now,
            };
            db.EnvGroups.Add(group);
            await db.ReplaceVariablesAsync(group.Id, variables, cancellationToken);
            await db.ReplaceSecretFilesAsync(group.Id, files, cancellationToken);
            foreach (var serviceId in (post.ServiceIds ?? []).Distinct())
                await LinkAsync(db, caller, group, serviceId, affected, cancellationToken);
            return group;
        }, cancellationToken);
    }

    public Task<EnvGroupRow> RenameAsync(PorticoDb db, Caller caller, string id, string name, CancellationToken cancellationToken)
    {
        RequireName(name);
        return EditAsync(db, caller, id, group => group.Name == name ? Task.CompletedTask : db.RenameAsync(group, name, cancellationToken), cancellationToken);
    }

    /// <summary>Deletes a group. Linked services lose its variables and files.</summary>
    public Task<EnvGroupRow> DeleteAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken) =>
        EditAsync(db, caller, id, async group =>
        {
            db.EnvGroupLinks.RemoveRange(await db.LinksTo(group).ToListAsync(cancellationToken));
            await db.DeleteBelongingsAsync<EnvGroupRow>(group.Id, cancellationToken);
            db.EnvGroups.Remove(group);
        }, cancellationToken);

    public Task<EnvGroupRow> LinkAsync(PorticoDb db, Caller caller, string id, string serviceId, CancellationToken cancellationToken) =>
        changes.ApplyAsync(db, caller, async affected =>
        {
            var group = await FindAsync(db, caller, id, cancellationToken);
            await LinkAsync(db, caller, group, serviceId, affected, cancellationToken);
            return group;
        }, cancellationToken);

    public Task<EnvGroupRow> UnlinkAsync(PorticoDb db, Caller caller, string id, string serviceId, CancellationToken cancellationToken) =>
        changes.ApplyAsync(db, caller, async affected =>
        {
            var group = await FindAsync(db, caller, id, cancellationToken);
            var service = await db.EditServiceAsync(caller, serviceId, affected, time, cancellationToken);
            var link = await db.LinksTo(group).FirstOrDefaultAsync(item => item.ServiceId == service.Id, cancellationToken)
                ?? throw Refusal.NotFound($"link of env group '{group.Name}' to service", serviceId);
            db.EnvGroupLinks.Remove(link);
            return group;
        }, cancellationToken);

    public Task<EnvGroupRow> SetVariableAsync(
        PorticoDb db, Caller caller, string id, string key, EnvVarSource source, CancellationToken cancellationToken) =>
        EditAsync(db, caller, id, group => db.SetVariableAsync(group.Id, key, source, cancellationToken), cancellationToken);

    public Task<EnvGroupRow> DeleteVariableAsync(PorticoDb db, Caller caller, string id, string key, CancellationToken cancellationToken) =>
        EditAsync(db, caller, id, group => db.DeleteVariableAsync(group.Id, key, cancellationToken), cancellationToken);

    public Task<EnvGroupRow> SetFileAsync(
        PorticoDb db, Caller caller, string id, string name, string content, CancellationToken cancellationToken) =>
        EditAsync(db, caller, id, group => db.SetSecretFileAsync(group.Id, name, content, cancellationToken), cancellationToken);

    public Task<EnvGroupRow> DeleteFileAsync(PorticoDb db, Caller caller, string id, string name, CancellationToken cancellationToken) =>
        EditAsync(db, caller, id, group => db.DeleteSecretFileAsync(group.Id, name, cancellationToken), cancellationToken);

    /// <summary>Changes a group, and deploys the linked services whose configuration changes.</summary>
    private Task<EnvGroupRow> EditAsync(
        PorticoDb db, Caller caller, string id, Func<EnvGroupRow, Task> edit, CancellationToken cancellationToken) =>
        changes.ApplyAsync(db, caller, async affected =>
        {
            var group = await FindAsync(db, caller, id, cancellationToken);
            var linked = db.LinksTo(group).Select(link => link.ServiceId);
            foreach (var service in await db.Services.Where(row => linked.Contains(row.Id)).ToListAsync(cancellationToken))
                affected.Add(service);
            await edit(group);
            return group;
        }, cancellationToken);

    private async Task<EnvGroupRow> FindAsync(PorticoDb db, Caller caller, string id, CancellationToken cancellationToken)
    {
        var group = await db.EnvGroups.GetAsync(caller, row => row.Id == id, "env group", id, cancellationToken);
        group.Touch(time.GetUtcNow());
        return group;
    }

    /// <summary>Links a group to a service, after its other groups. It overrides them.</summary>
    private async Task LinkAsync(
        PorticoDb db, Caller caller, EnvGroupRow group, string serviceId, ICollection<ServiceRow> affected, CancellationToken cancellationToken)
    {
        var service = await db.EditServiceAsync(caller, serviceId, affected, time, cancellationToken);
        if (service.WorkspaceId != group.WorkspaceId)
            throw Refusal.Invalid($"serviceId: '{serviceId}' is not in the workspace of the env group.");
        var links = await db.EnvGroupLinks.Where(link => link.ServiceId == service.Id).ToListAsync(cancellationToken);
        if (links.Any(link => link.GroupName == group.Name))
            return;
        var position = links.Count == 0 ? 0 : links.Max(link => link.Position) + 1;
        db.EnvGroupLinks.Add(new EnvGroupLinkRow { ServiceId = service.Id, GroupName = group.Name, Position = position });
    }

    private static void RequireName(string name)
    {
        if (Names.ProblemOfResource(name) is { } problem)
            throw Refusal.Invalid($"name: {problem}.");
    }
}
