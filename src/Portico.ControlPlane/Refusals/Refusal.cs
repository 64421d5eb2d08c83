using Portico.Core.Access;

namespace Portico.ControlPlane.Refusals;

/// <summary>Creates the exceptions with which features reject requests.</summary>
internal static class Refusal
{
    /// <param name="message">The message. It begins with the name of the invalid field or parameter.</param>
    public static RefusedException Invalid(string message) => new(RefusalKind.Invalid, message);

    public static RefusedException Forbidden(Permission needed) => new(RefusalKind.Forbidden,
        $"Your role does not allow this. It requires {Describe(needed)}.");

    public static RefusedException Forbidden(string message) => new(RefusalKind.Forbidden, message);

    /// <param name="what">The kind of resource, for example <c>service</c>.</param>
    public static RefusedException NotFound(string what, string id) => new(RefusalKind.NotFound, $"There is no {what} '{id}'.");

    public static RefusedException Conflict(string message) => new(RefusalKind.Conflict, message);

    public static RefusedException Unprocessable(string message) => new(RefusalKind.Unprocessable, message);

    public static RefusedException TooLarge(string message) => new(RefusalKind.TooLarge, message);

    public static RefusedException TooManyRequests(string message) => new(RefusalKind.TooManyRequests, message);

    public static RefusedException OutOfSpace(string message) => new(RefusalKind.OutOfSpace, message);

    private static string Describe(Permission permission) => permission switch
    {
        Permission.View => "a role that can view resources",
        Permission.ViewSecrets or Permission.Operate => "the contributor, developer or admin role",
        Permission.Manage => "the developer or admin role",
        _ => "the admin role",
    };
}
