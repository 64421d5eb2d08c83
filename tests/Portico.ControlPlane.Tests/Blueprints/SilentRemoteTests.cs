using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portico.ControlPlane.Tests.Api.Render;
using Portico.Core.Deploys;

namespace Portico.ControlPlane.Tests.Blueprints;

/// <summary>A repository whose server accepts connections and never answers.</summary>
public sealed class SilentRemoteTests : ServiceTest
{
    [Fact]
    public async Task Everything_else_can_be_changed_while_a_repository_does_not_answer()
    {
        using var remote = new TcpListener(IPAddress.Loopback, 0);
        remote.Start();
        var applying = Owner.PostAsync("/portico/v1/blueprints/apply", Body(Blueprint(remote)), HttpStatusCode.OK);
        using (await remote.AcceptTcpClientAsync(Token))
        {
            await Owner.PostAsync("/v1/env-groups", $$"""{"name": "other", "ownerId": "{{Host.Platform.Workspace}}", "envVars": []}""", HttpStatusCode.Created);
            await Owner.PostAsync("/portico/v1/blueprints/apply", Body(Blueprint(remote), dryRun: true), HttpStatusCode.OK);
            Assert.False(applying.IsCompleted);
        }
        remote.Stop();
        await applying;
        await using var db = await Host.Platform.OpenAsync(Token);
        var deploy = await db.Deploys.SingleAsync(Token);
        Assert.Equal((null, DeployTrigger.BlueprintSync), (deploy.Commit, deploy.Trigger));
    }

    /// <summary>A service that names its branch: without one, Portico asks for the default branch, and has always done so before the transaction.</summary>
    private static string Blueprint(TcpListener remote) =>
        $"services: [{{type: worker, name: app, runtime: node, repo: 'http://{remote.LocalEndpoint}/app.git', branch: main, buildCommand: make, startCommand: work}}]";

    private static string Body(string blueprint, bool dryRun = false) =>
        $$"""{"blueprint": {{JsonSerializer.Serialize(blueprint)}}, "dryRun": {{(dryRun ? "true" : "false")}}}""";
}
