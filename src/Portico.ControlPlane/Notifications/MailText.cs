using System.Text;
using Microsoft.EntityFrameworkCore;
using Portico.Api.Contracts.Platform;
using Portico.ControlPlane.Running;
using Portico.ControlPlane.State;
using Portico.Core.Engines;

namespace Portico.ControlPlane.Notifications;

/// <summary>Writes the text of an email about an event: first what happened and where, then why, then where to look.</summary>
internal sealed class MailText(LastLines last, PlatformSettings settings)
{
    private const int MostLines = 20, LongestLine = 300;

    /// <remarks>In a transaction, in which a resource is deleted, the log is not read: everybody who writes would wait for it.</remarks>
    public async Task<(string Subject, string Body)> OfAsync(PorticoDb db, EventRow told, EventResource resource, CancellationToken cancellationToken)
    {
        var cause = EventCause.Of(told);
        var deploy = cause.DeployId is { } id ? await db.Deploys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) : null;
        var workspace = await db.Workspaces.Where(row => row.Id == resource.WorkspaceId).Select(row => row.Name).FirstOrDefaultAsync(cancellationToken);
        var happened = Happened(told, deploy);
        var body = new StringBuilder($"{resource.Name}: {happened}.\n");
        if (deploy is not null)
            Describe(body, deploy);
        else if (cause.Text is { } why)
            body.Append('\n').Append(why).Append('\n');
        if (deploy is null && db.Database.CurrentTransaction is null && await WrittenAsync(db, cause, cancellationToken) is var (of, lines))
            AppendLines(body, lines, new SecretMask(of));
        body.Append($"\nWhen: {told.At:yyyy-MM-dd HH:mm:ss} UTC\nWorkspace: {workspace}\nLogs: portico logs {resource.Name}\n");
        body.Append($"Event: {settings.PlatformUrl}/v1/events/{told.Id} (with an API key)\n");
        body.Append("\nYou are a member of this workspace. Its admins choose which emails are sent: PATCH /v1/notification-settings.\n");
        return ($"[{Plain(resource.Name)}] {happened}", body.ToString());
    }

    public static string OfDisabled(WebhookRow webhook, string? problem)
    {
        return $$"""
            The webhook '{{webhook.Name}}' ({{webhook.Id}}) to {{new Uri(webhook.Url).Host}} has accepted no event for 33 hours.

            {{problem}}

            Portico disabled it and sends it no more events. When the receiver works again, enable the webhook:
            PATCH /v1/webhooks/{{webhook.Id}} {"enabled": true}
            Each missed event of the last 30 days can be sent again:
            POST /portico/v1/webhooks/{{webhook.Id}}/events/EVENT/redeliver

            """;
    }

    private static void Describe(StringBuilder body, DeployRow deploy)
    {
        body.Append($"\nDeploy: {deploy.Id} ({deploy.Reason})\n");
        if (deploy.Commit is { Length: >= 7 } commit)
            body.Append($"Commit: {commit[..7]} {deploy.CommitMessage?.Split('\n')[0]}\n");
        if (deploy.Failure is not { } failure)
            return;
        var mask = new SecretMask(deploy);
        body.Append($"Step: {failure.Step}\n\n{mask.Hide(failure.Message)}\n");
        if (failure.Hint is { } hint)
            body.Append($"{mask.Hide(hint)}\n");
        AppendLines(body, failure.LastLines, mask);
    }

    /// <summary>Returns the last lines of a failed instance or run, and the deploy whose secret values must be hidden in them.</summary>
    private async Task<(DeployRow, IReadOnlyList<string>)?> WrittenAsync(PorticoDb db, EventCause cause, CancellationToken cancellationToken)
    {
        var (id, lines) = cause switch
        {
            { Instance: { } instance } => await last.OfInstanceAsync(new InstanceId(instance), cancellationToken) ?? ("", []),
            { Job: { } job } => (await db.Jobs.Where(row => row.Id == job).Select(row => row.DeployId).FirstOrDefaultAsync(cancellationToken),
                await last.OfRunAsync(new RunId(job), cancellationToken)),
            _ => ("", []),
        };
        return await db.Deploys.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken) is { } deploy ? (deploy, lines) : null;
    }

    private static void AppendLines(StringBuilder body, IReadOnlyList<string> lines, SecretMask mask)
    {
        if (lines.Count == 0)
            return;
        body.Append("\nLast lines of the log:\n");
        foreach (var line in lines.TakeLast(MostLines))
            body.Append("    ").Append(Plain(Cut(mask.Hide(line)))).Append('\n');
    }

    private static string Happened(EventRow told, DeployRow? deploy) => (told.Type, WebhookMessage.StatusOf(told)) switch
    {
        ("deploy_ended", "failed") => $"deploy failed ({deploy?.Failure?.Step ?? "unknown step"})",
        ("deploy_ended", _) => "deploy is live",
        ("cron_job_run_ended", _) => "cron run failed",
        ("job_run_ended", _) => "job failed",
        ("server_failed", _) => "an instance failed",
        ("server_available", _) => "a failed instance has recovered",
        // Render's names read as what happened: service_suspended, postgres_unavailable.
        var (type, _) => type.Replace('_', ' '),
    };

    private static string Cut(string line) => line.Length > LongestLine ? $"{line[..LongestLine]}…" : line;

    private static string Plain(string text) => string.Concat(text.Where(character => !char.IsControl(character)));
}
