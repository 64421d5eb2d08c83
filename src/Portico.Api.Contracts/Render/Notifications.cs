using System.Text.Json.Serialization;

namespace Portico.Api.Contracts.Render;

public sealed record NotificationSetting
{
    public required string OwnerId { get; init; }

    public required bool SlackEnabled { get; init; }

    public required bool EmailEnabled { get; init; }

    public required bool PreviewNotificationsEnabled { get; init; }

    /// <summary><c>none failure all</c>.</summary>
    public required string NotificationsToSend { get; init; }
}

public sealed record NotificationSettingPatch
{
    [JsonConverter(typeof(OptionalConverter<bool>))]
    public Optional<bool> EmailEnabled { get; init; }

    [JsonConverter(typeof(OptionalConverter<bool>))]
    public Optional<bool> PreviewNotificationsEnabled { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> NotificationsToSend { get; init; }
}

/// <summary>A service's overrides of the workspace's settings; <c>default</c> means no override.</summary>
public sealed record NotificationOverride
{
    public required string ServiceId { get; init; }

    /// <summary><c>default false true</c>.</summary>
    public required string PreviewNotificationsEnabled { get; init; }

    /// <summary><c>default none failure all</c>.</summary>
    public required string NotificationsToSend { get; init; }
}

public sealed record NotificationOverrideWithCursor(NotificationOverride Override, string Cursor);

public sealed record NotificationOverridePatch
{
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> PreviewNotificationsEnabled { get; init; }

    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string> NotificationsToSend { get; init; }
}

[JsonSerializable(typeof(NotificationSetting))]
[JsonSerializable(typeof(NotificationSettingPatch))]
[JsonSerializable(typeof(IReadOnlyList<NotificationOverrideWithCursor>))]
[JsonSerializable(typeof(NotificationOverridePatch))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class NotificationsJson : JsonSerializerContext;
