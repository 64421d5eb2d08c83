using Portico.Core.Services;

namespace Portico.ControlPlane.Services;

/// <summary>Maps the fields of a Blueprint to those in request bodies.</summary>
internal static class ServiceFields
{
    private static readonly string[] Top = ["name", "repo", "branch", "rootDir", "autoDeployTrigger", "buildFilter", "envVars", "type"];

    private static readonly string[] Specific = ["buildCommand", "startCommand", "dockerCommand", "dockerContext", "dockerfilePath"];

    public static Func<string, string> Of(ServiceType type) => path => Of(type, path);

    private static string Of(ServiceType type, string path)
    {
        var end = path.IndexOfAny(['.', '[']);
        var (field, rest) = end < 0 ? (path, "") : (path[..end], path[end..]);
        if (Top.Contains(field))
            return path;
        if (Specific.Contains(field))
            return type == ServiceType.StaticSite && field == "buildCommand" ? "serviceDetails.buildCommand" : $"serviceDetails.envSpecificDetails.{path}";
        return field switch
        {
            "" => "serviceDetails",
            "image" => "image.imagePath",
            "registryCredential" => "image.registryCredentialId",
            "staticPublishPath" => "serviceDetails.publishPath",
            "scaling" => $"serviceDetails.autoscaling{rest}",
            "ipAllowList" => $"serviceDetails.ipAllowList{rest.Replace(".source", ".cidrBlock", StringComparison.Ordinal)}",
            _ => $"serviceDetails.{path}",
        };
    }
}
