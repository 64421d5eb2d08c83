namespace Portico.Core.Access;

/// <summary>The role of a member in a workspace, as on Render.</summary>
public enum Role
{
    Viewer,
    Billing,
    Contributor,
    Developer,
    Admin,
}

/// <summary>What an endpoint requires of its caller in the workspace.</summary>
public enum Permission
{
    /// <summary>See the workspace, its members and oneself.</summary>
    SeeWorkspace,

    /// <summary>Read resources, logs and metrics; no secret values.</summary>
    View,

    /// <summary>Read secret values: variables, files, passwords.</summary>
    ViewSecrets,

    /// <summary>Deploy, roll back, restart, scale, suspend, run jobs.</summary>
    Operate,

    /// <summary>Create, change and delete resources.</summary>
    Manage,

    /// <summary>Manage members, keys and settings of the workspace.</summary>
    Administer,
}

public static class Roles
{
    public static bool Allows(this Role role, Permission permission) => permission switch
    {
        Permission.SeeWorkspace => true,
        Permission.View => role != Role.Billing,
        Permission.ViewSecrets or Permission.Operate => role is Role.Contributor or Role.Developer or Role.Admin,
        Permission.Manage => role is Role.Developer or Role.Admin,
        Permission.Administer => role == Role.Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(permission)),
    };

    /// <summary>Returns the name in Render's API.</summary>
    public static string Name(this Role role) => role switch
    {
        Role.Viewer => "WORKSPACE_VIEWER",
        Role.Billing => "WORKSPACE_BILLING",
        Role.Contributor => "WORKSPACE_CONTRIBUTOR",
        Role.Developer => "DEVELOPER",
        Role.Admin => "ADMIN",
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };

    public static Role? Parse(string? name) =>
        Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(role => role!.Value.Name() == name);
}
