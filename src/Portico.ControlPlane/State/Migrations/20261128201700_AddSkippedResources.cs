using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Portico.ControlPlane.State.Migrations
{
    /// <inheritdoc />
    public partial class AddSkippedResources : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Skipped",
                table: "Blueprints",
                type: "TEXT",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Skipped",
                table: "Blueprints");
        }
    }
}
