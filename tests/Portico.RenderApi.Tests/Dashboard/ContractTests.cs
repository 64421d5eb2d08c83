using Portico.Api.Contracts.Platform;
using Portico.Api.Contracts.Render;
using Portico.RenderApi.Tests.Server;
using Portico.Testing;

namespace Portico.RenderApi.Tests.Dashboard;

/// <summary>What the dashboard believes about the API is what the API is.</summary>
public sealed class ContractTests
{
    /// <summary>The messages that the dashboard sends and reads. Those in them follow.</summary>
    private static readonly Type[] Messages =
    [
        typeof(ApiError), typeof(CreateSession), typeof(CreatedSession), typeof(CurrentSession), typeof(Overview), typeof(OverviewChange), typeof(DeployDetails), typeof(DeployChanges), typeof(LogLines), typeof(LogHistogram), typeof(MetricsPage), typeof(ServiceDomains), typeof(References), typeof(ServiceRuns), typeof(StartShell), typeof(ShellSize), typeof(ShellEnd),
        typeof(Service), typeof(EventWithCursor), typeof(DeployWithCursor), typeof(ServiceInstance), typeof(DeployPost), typeof(PostgresDetail), typeof(KeyValueDetail),
        typeof(ServiceEnvironment), typeof(ChangeEnvironment), typeof(ChangedEnvironment), typeof(ResourceChoices), typeof(RequestCode), typeof(DetectApps), typeof(DetectedApps), typeof(EnvGroup), typeof(EnvGroupMeta), typeof(SecretFile), typeof(ServiceAndDeploy), typeof(PostgresConnectionInfo), typeof(KeyValueConnectionInfo),
        typeof(TeamMember), typeof(InvitationInfo), typeof(CreatedInvitation), typeof(KeyInfo), typeof(SshKeyInfo), typeof(AuditLogWithCursor), typeof(NotificationSetting), typeof(WebhookWithCursor), typeof(WebhookEventWithCursor),
    ];

    [Fact]
    public async Task The_dashboard_has_the_messages_and_routes_that_exist()
    {
        var token = TestContext.Current.CancellationToken;
        await using var server = await RenderServer.StartAsync(token);
        var file = SourceTree.PathOf("src", "Portico.Dashboard", "src", "api", "contract.ts");
        var written = ContractFile.Write(Messages, server.Endpoints.SelectMany(Routes.Of).Where(Routes.IsApi));
        if (Environment.GetEnvironmentVariable("PORTICO_ACCEPT") is "1" or "true")
            await File.WriteAllTextAsync(file, written, token);
        Assert.Equal(File.Exists(file) ? await File.ReadAllTextAsync(file, token) : "", written);
    }
}
