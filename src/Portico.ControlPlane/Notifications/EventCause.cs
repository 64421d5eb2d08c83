using System.Text.Json;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Notifications;

/// <summary>The cause of an event, read from its details.</summary>
/// <param name="DeployId">The deploy that the event is about.</param>
/// <param name="Text">The reason, as shown to users; null if the details contain none.</param>
/// <param name="Instance">The instance that failed.</param>
/// <param name="Job">The job or cron run that failed.</param>
internal sealed record EventCause(string? DeployId, string? Text, string? Instance, string? Job)
{
    public static EventCause Of(EventRow told)
    {
        using var details = JsonDocument.Parse(told.Details);
        var root = details.RootElement;
        var reason = root.TryGetProperty("reason", out var given) ? Failure(given) : null;
        var instance = StringOf(root, "instanceID");
        return new EventCause(
            StringOf(root, "deployId"), reason is null || instance is null ? reason : $"{instance}: {reason}", instance,
            StringOf(root, "jobId") ?? StringOf(root, "cronJobRunId"));
    }

    private static string? Failure(JsonElement reason)
    {
        if (reason.ValueKind == JsonValueKind.String)
            return reason.GetString();
        if (reason.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var property in reason.EnumerateObject())
            switch (property.Name)
            {
                case "oomKilled" when property.Value.ValueKind == JsonValueKind.Object:
                    return $"It ran out of memory. Its limit is {StringOf(property.Value, "memoryLimit")}.";
                case "nonZeroExit" when property.Value.ValueKind == JsonValueKind.Number:
                    return $"It exited with code {property.Value.GetRawText()}.";
                case "timedOutSeconds" when property.Value.ValueKind == JsonValueKind.Number:
                    return $"It was stopped after {property.Value.GetRawText()} seconds.";
                case "earlyExit" when property.Value.ValueKind == JsonValueKind.True:
                    return "It exited by itself with code 0.";
                case "unhealthy" or "timedOutReason" when property.Value.ValueKind == JsonValueKind.String:
                    return property.Value.GetString();
            }
        return null;
    }

    private static string? StringOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
