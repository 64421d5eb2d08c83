using System.Text.Json.Nodes;

namespace Portico.RenderApi.Tests.Recordings;

/// <summary>
/// A part of Render that Portico refuses for now. A recorded request that uses it is sent first as it is, and must be refused
/// with <see cref="Says"/>; then without that part, so that everything else in it, and in what follows, is compared too.
/// </summary>
/// <param name="Name">As a sentence names it.</param>
/// <param name="Says">What the refusal must say.</param>
/// <param name="LeaveOut">Takes the part out of a body, and says whether it was there.</param>
/// <param name="Places">Where answers show the part, and cannot be compared.</param>
internal sealed record NotYet(string Name, string Says, Func<JsonObject, bool> LeaveOut, string[] Places)
{
    public static IReadOnlyList<NotYet> All { get; } =
    [
        new("images and Dockerfiles", "needs a container engine", ReplaceImage,
            ["imagePath", "env", "runtime", "envSpecificDetails", "image", "commit", "repo", "branch", "autoDeploy"]),
        new("preview environments", "does not create preview environments yet", body => Remove(body["serviceDetails"], "previews", IsOn) | Remove(body["serviceDetails"], "pullRequestPreviewsEnabled", IsOn),
            ["previews", "pullRequestPreviewsEnabled"]),
        new("notifications of preview environments", "Portico has no preview environments yet", body => Remove(body, "previewNotificationsEnabled", IsOn),
            ["previewNotificationsEnabled"]),
        new("network isolation", "networkIsolationEnabled: not supported", body => Remove(body, "networkIsolationEnabled", IsOn),
            ["networkIsolationEnabled"]),
        new("read replicas", "no read replicas yet", body => Remove(body, "readReplicas", value => value is JsonArray { Count: > 0 }),
            ["readReplicas", "databasesIds"]),
        new("high availability", "runs one instance", body => Remove(body, "enableHighAvailability", IsOn), ["highAvailabilityEnabled"]),
    ];

    public bool Covers(Difference difference) =>
        Places.Any(place => difference.Place.Split('.').Contains(place, StringComparer.Ordinal));

    /// <summary>Makes a service that runs an image, or is built from a Dockerfile, one that is built for Node.</summary>
    private static bool ReplaceImage(JsonObject body)
    {
        var details = body["serviceDetails"] as JsonObject;
        var isFromImage = body.Remove("image");
        var isContainer = details?["runtime"]?.ToString() is "image" or "docker" && details.Remove("runtime");
        if (!isFromImage && !isContainer)
            return details?["envSpecificDetails"] is JsonObject specific && specific.Any(item => item.Key.StartsWith("docker", StringComparison.Ordinal)) && details.Remove("envSpecificDetails");
        if (body.ContainsKey("type"))
        {
            body["repo"] ??= $"{Repositories.Url}/express-hello-world.git";
            details!["runtime"] = "node";
            details["envSpecificDetails"] = new JsonObject { ["buildCommand"] = "make", ["startCommand"] = "serve" };
        }
        else
        {
            details?.Remove("envSpecificDetails");
        }
        return true;
    }

    private static bool IsOn(JsonNode? value) => value switch
    {
        JsonObject inner => inner["generation"]?.ToString() is "automatic" or "manual",
        _ => value?.ToString() is "true" or "yes",
    };

    private static bool Remove(JsonNode? from, string name, Func<JsonNode?, bool> when) =>
        from is JsonObject body && body.TryGetPropertyValue(name, out var value) && when(value) && body.Remove(name);
}
