using System.Text.RegularExpressions;
using Portico.ControlPlane.State;
using Portico.Testing;

namespace Portico.ControlPlane.Tests.Notifications;

/// <summary>Every type of event that Render's API has for services is told somewhere, or cannot happen here.</summary>
public sealed partial class EventTypesTests
{
    private static readonly Dictionary<string, string> Told = new(StringComparer.Ordinal)
    {
        ["autoscaling_config_changed"] = "Services/SettingsEvents",
        ["autoscaling_ended"] = "Autoscaling/AutoscaleReconciler",
        ["autoscaling_started"] = "Autoscaling/AutoscaleReconciler",
        ["auto_deploy_disabled"] = "Services/SettingsEvents",
        ["auto_deploy_enabled"] = "Services/SettingsEvents",
        ["branch_deleted"] = "Git/CommitFollower",
        ["build_ended"] = "Deploys/DeployEvents",
        ["build_started"] = "Deploys/DeployEvents",
        ["commit_ignored"] = "Git/CommitFollower",
        ["cron_job_run_ended"] = "Jobs/JobTransitions",
        ["cron_job_run_started"] = "Jobs/JobTransitions",
        ["deploy_ended"] = "Deploys/DeployEvents",
        ["deploy_started"] = "Deploys/DeployEvents",
        ["disk_created"] = "Services/SettingsEvents",
        ["disk_deleted"] = "Services/SettingsEvents",
        ["disk_updated"] = "Services/SettingsEvents",
        ["instance_count_changed"] = "Services/SettingsEvents",
        ["job_run_ended"] = "Jobs/JobTransitions",
        ["maintenance_mode_enabled"] = "Services/SettingsEvents",
        ["maintenance_mode_uri_updated"] = "Services/SettingsEvents",
        ["plan_changed"] = "Services/SettingsEvents",
        ["pre_deploy_ended"] = "Deploys/DeployEvents",
        ["pre_deploy_started"] = "Deploys/DeployEvents",
        ["server_available"] = "Running/InstanceEvents",
        ["server_failed"] = "Running/InstanceEvents",
        ["server_restarted"] = "Services/ServiceOperations",
        ["service_resumed"] = "Services/ServiceOperations",
        ["service_suspended"] = "Services/ServiceOperations",
        ["suspender_added"] = "Services/ServiceOperations",
        ["suspender_removed"] = "Services/ServiceOperations",
    };

    private static readonly Dictionary<string, string> Impossible = new(StringComparer.Ordinal)
    {
        ["artifact_fetch_failed"] = "no service is made of an artifact that another one built",
        ["artifact_source_changed"] = "no service is made of an artifact that another one built",
        ["image_pull_failed"] = "no engine that pulls images is there yet, and services of images are refused",
        ["initial_deploy_hook_ended"] = "an initialDeployHook is refused when a Blueprint is planned",
        ["initial_deploy_hook_started"] = "an initialDeployHook is refused when a Blueprint is planned",
        ["maintenance_ended"] = "Render's own maintenance of its machines",
        ["maintenance_started"] = "Render's own maintenance of its machines",
        ["pipeline_minutes_exhausted"] = "builds are not counted in minutes",
        ["server_hardware_failure"] = "the machine that would tell of it is the one that failed",
        ["zero_downtime_redeploy_ended"] = "Render's moving of services between its machines",
        ["zero_downtime_redeploy_started"] = "Render's moving of services between its machines",
    };

    public static TheoryData<string> Types => [.. EventTypes.OfServices.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Each_is_told_or_cannot_happen(string type)
    {
        var telling = await TellingAsync(type);

        if (Told.TryGetValue(type, out var place))
            Assert.Contains(place, telling);
        else
            Assert.True(Impossible.ContainsKey(type) && telling.Count == 0, $"{type} is told by '{string.Join(", ", telling)}': say so in this test, or why it cannot happen.");
    }

    [Fact]
    public async Task Nothing_is_told_under_another_name()
    {
        foreach (var file in Sources())
            foreach (Match match in Literal().Matches(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)))
                Assert.True(EventTypes.OfServices.Contains(match.Groups[1].Value) || EventTypes.OfWebhooks.Contains(match.Groups[1].Value), $"{file}: {match.Value}");
    }

    private static async Task<List<string>> TellingAsync(string type)
    {
        var found = new List<string>();
        foreach (var file in Sources())
            if ((await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Contains($"\"{type}\"", StringComparison.Ordinal))
                found.Add(Path.ChangeExtension(Path.GetRelativePath(Root, file), null));
        return found;
    }

    /// <summary>Not what only names the types: the list itself, and who is told of which.</summary>
    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Root, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith("EventTypes.cs", StringComparison.Ordinal) && !file.Contains("/Notifications/", StringComparison.Ordinal)
            && !file.Contains("/obj/", StringComparison.Ordinal));

    private static string Root => SourceTree.PathOf("src/Portico.ControlPlane");

    /// <summary>As in <c>events.Add(db, id, "type", …)</c> and <c>yield return ("type", …)</c>.</summary>
    [GeneratedRegex("""(?:yield return \(|Tell\(db, \w+, |events\.Add\(db, [\w.]+, )"([a-z_]+)"\s*,""")]
    private static partial Regex Literal();
}
