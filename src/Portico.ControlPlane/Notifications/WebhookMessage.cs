using System.Buffers;
using System.Text;
using System.Text.Json;
using Portico.ControlPlane.State;

namespace Portico.ControlPlane.Notifications;

/// <summary>The message that is sent to a webhook, in Render's format: https://render.com/docs/webhooks.</summary>
internal static class WebhookMessage
{
    /// <summary>The fields of an event's details that contain its result.</summary>
    private static readonly string[] Outcomes = ["deployStatus", "buildStatus", "preDeployStatus", "status"];

    public static string Of(EventRow told, string resourceName)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", told.Type);
            json.WriteString("timestamp", told.At);
            json.WriteStartObject("data");
            json.WriteString("id", told.Id);
            json.WriteString("serviceId", told.ResourceId);
            json.WriteString("serviceName", resourceName);
            if (StatusOf(told) is { } status)
                json.WriteString("status", status);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <returns><c>succeeded</c>, <c>failed</c> or <c>canceled</c>; null if the event does not end anything.</returns>
    public static string? StatusOf(EventRow told)
    {
        using var details = JsonDocument.Parse(told.Details);
        foreach (var name in Outcomes)
            if (details.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
                // Cron runs have words of their own.
                return value.GetString() switch { "successful" => "succeeded", "unsuccessful" => "failed", var other => other };
        return null;
    }
}
