using Microsoft.AspNetCore.Http;
using Portico.Core.Access;

namespace Portico.ControlPlane.Api;

/// <summary>A request that cannot be done: becomes the answer's status and message. Nothing has been changed.</summary>
public sealed class RefusedException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}

/// <summary>The reasons to refuse a request.</summary>
public static class Refusal
{
    /// <param name="message">Begins with the field or parameter that it is about.</param>
    public static RefusedException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);

    public static RefusedException Forbidden(Permission needed) => new(StatusCodes.Status403Forbidden,
        $"Your role does not allow this: it needs {Describe(needed)}.");

    public static RefusedException Forbidden(string message) => new(StatusCodes.Status403Forbidden, message);

    /// <param name="what">For example <c>service</c>.</param>
    public static RefusedException NotFound(string what, string id) => new(StatusCodes.Status404NotFound, $"There is no {what} '{id}'.");

    public static RefusedException Conflict(string message) => new(StatusCodes.Status409Conflict, message);

    private static string Describe(Permission permission) => permission switch
    {
        Permission.View => "a role that may see resources",
        Permission.ViewSecrets or Permission.Operate => "the role of a contributor, developer or admin",
        Permission.Manage => "the role of a developer or admin",
        _ => "the role of an admin",
    };
}
