using System.Net;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Tests.Api;
using Portico.ControlPlane.Tests.Crash;
using Portico.Core.Access;

namespace Portico.ControlPlane.Tests.Access;

/// <summary>Each role at one real endpoint of each permission. The table is written out, so that a change of the rules is seen here.</summary>
public sealed class RolesTests : IAsyncLifetime
{
    private static readonly Dictionary<Permission, Role[]> Allowed = new()
    {
        [Permission.SeeWorkspace] = [Role.Viewer, Role.Billing, Role.Contributor, Role.Developer, Role.Admin],
        [Permission.View] = [Role.Viewer, Role.Contributor, Role.Developer, Role.Admin],
        [Permission.ViewSecrets] = [Role.Contributor, Role.Developer, Role.Admin],
        [Permission.Operate] = [Role.Contributor, Role.Developer, Role.Admin],
        [Permission.Manage] = [Role.Developer, Role.Admin],
        [Permission.Administer] = [Role.Admin],
    };

    private ApiHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await ApiHost.StartAsync(Token);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_role_may_what_the_table_says_and_nothing_else()
    {
        await _host.Platform.ApplyAsync(new ApplyBlueprint { Blueprint = Scenario.Blueprint, Commit = UploadedSource.First }, Token);
        var wrong = new List<string>();
        foreach (var role in Enum.GetValues<Role>())
        {
            using var member = await _host.MemberAsync(role, _host.Platform.Workspace, Token);
            foreach (var permission in Enum.GetValues<Permission>())
            {
                var (method, path, body) = Endpoint(permission, role);
                using var response = await member.SendAsync(method, path, body);
                if (response.StatusCode != HttpStatusCode.Forbidden != Allowed[permission].Contains(role))
                    wrong.Add($"{role} at {permission} ({method} {path}): {(int)response.StatusCode}");
            }
        }
        Assert.Empty(wrong);
    }

    private (HttpMethod Method, string Path, string? Body) Endpoint(Permission permission, Role role)
    {
        var workspace = _host.Platform.Workspace;
        return permission switch
        {
            Permission.SeeWorkspace => (HttpMethod.Get, $"/v1/owners/{workspace}/members", null),
            Permission.View => (HttpMethod.Get, $"/v1/notification-settings/owners/{workspace}", null),
            Permission.ViewSecrets => (HttpMethod.Get, "/portico/v1/blueprints/export", null),
            Permission.Operate => (HttpMethod.Post, "/portico/v1/services/api/restart", ""),
            Permission.Manage => (HttpMethod.Post, "/v1/projects", $$"""{"name":"{{role}}","ownerId":"{{workspace}}","environments":[{"name":"one"}]}"""),
            _ => (HttpMethod.Get, $"/v1/owners/{workspace}/audit-logs", null),
        };
    }
}
